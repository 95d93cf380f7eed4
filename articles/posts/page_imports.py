"""The import on its page: an upload is read and shown, then stored, each in parts of some seconds.

Every part can be done again: a post is stored in one transaction with the line that reports it.
"""

import hashlib
import json
import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from articles.images.processing import UnsuitableImage
from articles.library import propose_imported_category
from articles.models import ImportLine, PostImport
from articles.permissions import WRITE
from articles.posts import words
from articles.posts.importer import import_image, import_item
from articles.posts.items import Item
from articles.posts.post import MalformedPost
from articles.posts.preview import preview_item
from articles.posts.upload_reading import Upload, UploadedFiles, list_posts
from articles.posts.uploads import delete_orphans, delete_upload, save_upload
from articles.states import StepRefused

if TYPE_CHECKING:
    from portal.models import User

logger = logging.getLogger(__name__)

State, Outcome = PostImport.State, ImportLine.Outcome
#: Imports that one editor may have at a time, each with at most one upload on disk.
MOST_WAITING = 5
#: How long an upload is kept if nobody finishes its import, and how long a report is.
KEPT = timedelta(days=1)
#: Seconds of work in answer to one request.
PART = 3.0
#: How long a part may take before another request takes over from one that died.
_LEASE = timedelta(minutes=2)


class _PartOver(Exception):
    """The time of this part is over in the middle of a post, whose pictures are kept."""


def start_import(uploads: Sequence[Upload], *, by: "User") -> PostImport:
    """Keep an upload and list its posts; return the waiting import if it is the same one again.

    A file that can't be imported is left out, and named. Raise StepRefused with each reason if no
    post is left.
    """
    read, refused = _read_uploads(uploads)
    lines = [
        ImportLine(
            file=file,
            item=place,
            label=item.label[:300],
            outcome=Outcome.LEFT_OUT if item.left_out else "",
            reason=str(item.left_out),
        )
        for file, (_, items) in enumerate(read)
        for place, item in enumerate(items)
    ]
    if not lines:
        raise StepRefused(*(refused or [str(words.NOTHING_TO_IMPORT)]))
    kept = [upload for upload, _ in read]
    digest = _digest(kept)
    mine = PostImport.objects.filter(by=by).exclude(state=State.DONE)
    if same := mine.filter(digest=digest).first():
        return same
    if mine.count() >= MOST_WAITING:
        raise StepRefused(words.TOO_MANY_IMPORTS % {"most": MOST_WAITING})
    key = uuid4()
    save_upload(key, [upload.content for upload in kept])
    try:
        with transaction.atomic():
            names = [upload.name for upload in kept]
            made = PostImport.objects.create(
                pk=key, by=by, digest=digest, files=names, refused=refused
            )
            for place, line in enumerate(lines):
                line.post_import, line.place = made, place
            ImportLine.objects.bulk_create(lines, batch_size=500)
    except BaseException as error:
        delete_upload(key)
        same = mine.filter(digest=digest).first() if isinstance(error, IntegrityError) else None
        if same is None:
            raise
        return same  # sent twice at the same moment
    return made


def choose_post(post_import: PostImport, line: int, *, is_wanted: bool) -> None:
    """Leave a post out, or take it in again, as long as its import only shows a preview."""
    lines = ImportLine.objects.filter(
        pk=line, post_import=post_import, post_import__state=State.CHOOSING, preview__isnull=False
    )
    if is_wanted:
        lines.filter(outcome=Outcome.LEFT_OUT).update(outcome="", reason="")
    else:
        said = {"outcome": Outcome.LEFT_OUT, "reason": str(words.NOT_WANTED)}
        lines.filter(outcome="").update(**said)


@transaction.atomic
def confirm_import(
    post_import: PostImport,
    *,
    categories: Collection[str],
    authors: Mapping[str, "User"],
    by: "User",
) -> list[str]:
    """Let the drafts be made, by these authors; the new categories wait for a second person.

    Return why a category was not proposed, for each that was refused. Said twice, it counts once.
    """
    wrote = {name: str(user.pk) for name, user in authors.items()}
    mine = PostImport.objects.filter(pk=post_import.pk, state=State.CHOOSING)
    if not mine.update(state=State.STORING, authors=wrote):
        return []
    refused = []
    for name in categories:
        try:
            propose_imported_category(name, by=by)
        except StepRefused as refusal:
            refused.append(str(refusal))
    return refused


def discard_import(post_import: PostImport) -> None:
    """Delete the upload and what was read of it. Drafts that were made of it stay."""
    key = post_import.pk
    post_import.delete()
    delete_upload(key)


def end_old_imports() -> None:
    """Delete uploads and reports that are older than a day, and what died processes have left."""
    before = timezone.now() - KEPT
    for old in PostImport.objects.filter(started_at__lt=before):
        discard_import(old)
    delete_orphans(list(PostImport.objects.values_list("pk", flat=True)), before=before)


def continue_import(post_import: PostImport, *, seconds: float = PART) -> bool:
    """Read or store posts for some seconds, and at least one; return False if another request does.

    The import may be closed at any time, and continued later.
    """
    now = timezone.now()
    free = Q(busy_until=None) | Q(busy_until__lt=now)
    mine = PostImport.objects.filter(pk=post_import.pk)
    if not mine.filter(free, state=post_import.state).update(busy_until=now + _LEASE):
        return False
    try:
        _Part(post_import, seconds).run()
    finally:
        mine.update(busy_until=None)
    return True


class _Part:
    """The work of one request."""

    def __init__(self, post_import: PostImport, seconds: float) -> None:
        self._import = post_import
        self._until = time.monotonic() + seconds
        self._files = UploadedFiles(post_import)
        keys = post_import.authors.values()
        found = get_user_model().objects.filter(pk__in=keys, is_active=True)
        people = {str(each.pk): each for each in found}
        self._authors = {
            name: people[key]
            for name, key in post_import.authors.items()
            if key in people and people[key].has_perm(WRITE)
        }

    def run(self) -> None:
        is_reading = self._import.state == State.READING
        waiting = self._import.lines.filter(outcome="")
        if is_reading:
            waiting = waiting.filter(preview__isnull=True)
        for line in waiting.all():  # a copy: what is left is asked for again below
            try:
                self._do(line, self._preview if is_reading else self._store)
            except _PartOver:
                return
            if self._is_over:
                break
        if waiting.exists():
            return
        state = State.CHOOSING if is_reading else State.DONE
        moved = PostImport.objects.filter(pk=self._import.pk, state=self._import.state)
        moved.update(state=state)
        if state == State.DONE:
            delete_upload(self._import.pk)

    @property
    def _is_over(self) -> bool:
        return time.monotonic() > self._until

    def _do(self, line: ImportLine, work: Callable[[ImportLine, Item], None]) -> None:
        """Do one post. Whatever is wrong with it is noted, and the others go on."""
        try:
            work(line, self._files.item(line.file, line.item))
        except StepRefused as refusal:
            self._report(line, Outcome.REFUSED, str(refusal))
        except MalformedPost as problem:
            self._report(line, Outcome.FAULTY, problem.reason)
        except UnsuitableImage as problem:
            self._report(line, Outcome.FAULTY, str(problem))
        except FileNotFoundError:
            self._report(line, Outcome.FAULTY, str(words.UPLOAD_GONE))
        except OSError as error:
            self._report(line, Outcome.FAULTY, str(error.strerror))
        except (OperationalError, _PartOver):
            raise
        except Exception:
            logger.exception("a post could not be imported", extra={"line": line.pk})
            self._report(line, Outcome.FAULTY, str(words.UNEXPECTED))

    def _report(self, line: ImportLine, outcome: ImportLine.Outcome, reason: str) -> None:
        """Say why it can't be imported; a post that can't be read is not tried again."""
        here = ImportLine.objects.filter(pk=line.pk, outcome="")
        if self._import.state == State.READING and outcome == Outcome.REFUSED:
            here.update(preview={"refused": reason})  # another post of this import may change that
        else:
            here.update(outcome=outcome, reason=reason)

    def _preview(self, line: ImportLine, item: Item) -> None:
        shown = preview_item(item, find_picture=self._files.find_picture, by=self._import.by)
        ImportLine.objects.filter(pk=line.pk).update(preview=shown)

    def _store(self, line: ImportLine, item: Item) -> None:
        post, by = item.read_post(), self._import.by
        for shown in post.pictures:
            found = self._files.find_picture(shown.name)
            if found and import_image(shown, found[1], by=by) and self._is_over:
                raise _PartOver
        author = self._authors.get(post.written_by, by)
        with transaction.atomic():
            mine = ImportLine.objects.filter(pk=line.pk, outcome="")
            if not mine.update(outcome=Outcome.FAULTY):  # locks the line; another part has done it
                return
            article, outcome = import_item(item, imported_by=by, by=author)
            ImportLine.objects.filter(pk=line.pk).update(outcome=str(outcome), article=article)


def _read_uploads(
    uploads: Sequence[Upload],
) -> tuple[list[tuple[Upload, list[Item]]], list[str]]:
    read, refused = [], []
    for upload in uploads:
        try:
            read.append((upload, list_posts(upload)))
        except MalformedPost as problem:
            said = {"name": upload.name, "reason": problem.reason}
            refused.append(words.FILE_REFUSED % said)
    return read, refused


def _digest(uploads: Sequence[Upload]) -> str:
    seen = sorted([each.name, hashlib.sha256(each.content).hexdigest()] for each in uploads)
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()
