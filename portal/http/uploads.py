"""Uploads: none are accepted, except images, references, and posts from those who may add them."""

from typing import Any

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from portal.http.limits import IMAGE_UPLOAD_PATH, POSTS_UPLOAD_PATH, REFERENCES_UPLOAD_PATH

_UPLOAD_PERMISSIONS = {
    IMAGE_UPLOAD_PATH: "articles.add_image",
    REFERENCES_UPLOAD_PATH: "articles.add_reference",
    POSTS_UPLOAD_PATH: "articles.add_article",
}
#: How many files a form may send, where it is more than one. Django stops at the most of all.
_MOST_FILES = {POSTS_UPLOAD_PATH: settings.DATA_UPLOAD_MAX_NUMBER_FILES}


class ExpectedUploadHandler(FileUploadHandler):
    """Runs before the handler that keeps files, and refuses before a byte of one is read.

    The CSRF check reads the form before any page asks who is signed in.
    """

    _files = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._files += 1
        request = self.request
        assert request  # noqa: S101 - Django makes no handler without one
        most = _MOST_FILES.get(request.path, 1)
        if request.path not in _UPLOAD_PERMISSIONS or self._files > most:
            raise TooManyFilesSent
        if not request.user.has_perm(_UPLOAD_PERMISSIONS[request.path]):
            # Their session may have ended while they typed: the page that says so shows the text.
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
