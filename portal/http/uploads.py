"""Uploads: none are accepted, except an image or references from those who may add them."""

from typing import Any

from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from portal.http.limits import IMAGE_UPLOAD_PATH, REFERENCES_UPLOAD_PATH

_UPLOAD_PERMISSIONS = {
    IMAGE_UPLOAD_PATH: "articles.add_image",
    REFERENCES_UPLOAD_PATH: "articles.add_reference",
}


class ExpectedUploadHandler(FileUploadHandler):
    """Runs before the handler that keeps files, and refuses before a byte of one is read.

    The CSRF check reads the form before any page asks who is signed in.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        request = self.request
        assert request  # noqa: S101 - Django makes no handler without one
        if request.path not in _UPLOAD_PERMISSIONS:
            raise TooManyFilesSent
        if not request.user.has_perm(_UPLOAD_PERMISSIONS[request.path]):
            # Their session may have ended while they typed: the page that says so shows the text.
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
