"""What editors type, kept until they save it: for them alone, and never a draft."""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from articles.content import MAX_BODY_LENGTH, body_too_long
from articles.editing import words
from articles.models import Article, KeptText
from articles.permissions import WRITE
from articles.states import StepRefused

if TYPE_CHECKING:
    from portal.models import User

Typed = dict[str, str | list[str]]

#: How long unsaved text is kept after the last word was typed.
DAYS = 14
#: How long an emptied row refuses what was sent before it was saved.
_CLOSED_DAYS = 1
#: Texts of one person. The oldest goes when another one comes.
MOST = 20
#: Characters of all fields but the body; what the form takes is less than that.
_MOST_AROUND = 20_000
_WINDOW = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)
_LARGEST = 2**63 - 1


class WindowClosed(Exception):
    """Its text was saved or thrown away: what it sends now is old, or needs another token."""


class Overtaken(Exception):
    """A later request of the same window was here first. `number` is that one's."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True, kw_only=True)
class Window:
    """The page in which somebody types: its token, and the kept text that it was opened with."""

    token: str
    opened_with: str = ""

    @property
    def is_known(self) -> bool:
        return bool(_WINDOW.fullmatch(self.token))

    def earlier(self, by: "User") -> Q:
        """Select the kept text that it was opened with, if it is theirs."""
        try:
            return Q(pk=uuid.UUID(self.opened_with), by=by)
        except ValueError:
            return Q(pk=None)


@transaction.atomic
def keep_text(  # noqa: PLR0913 - all that a window says
    article: Article | None,
    typed: Typed,
    *,
    window: Window,
    number: int,
    version: int | None,
    revision: int,
    by: "User",
) -> KeptText:
    """Keep what a window holds now, in place of what it held before.

    What the window was opened with is in it, so it goes. `article` is None for a new one; `version`
    and the number of the `revision` are what it had when the window was opened. Raise WindowClosed,
    Overtaken, or StepRefused if it is too long or they may not write.
    """
    if not by.has_perm(WRITE):
        raise StepRefused(words.EDITORS_WRITE)
    if not window.is_known or not 0 < number <= _LARGEST:
        raise WindowClosed
    _refuse_too_long(typed)
    now = timezone.now()
    rows = KeptText.objects.filter(by=by, window=window.token, article=article)
    if (
        not rows.still_open()
        .filter(number__lt=number)
        .update(words=typed, number=number, kept_at=now)
    ):
        new = KeptText(by=by, article=article, window=window.token, number=number, words=typed)
        new.version = version
        new.based_on = article.revisions.filter(number=revision).first() if article else None
        _create(new)
    KeptText.objects.still_open().filter(window.earlier(by)).exclude(window=window.token).delete()
    return rows.get()


def _create(new: KeptText) -> None:
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError as error:
        there = KeptText.objects.get(by=new.by, window=new.window)
        if there.closed_at or there.article_id != new.article_id:
            raise WindowClosed from error
        raise Overtaken(there.number) from error
    newest = KeptText.objects.still_open().filter(by=new.by).order_by("-kept_at", "-number")
    KeptText.objects.filter(pk__in=list(newest.values_list("pk", flat=True)[MOST:])).delete()


@transaction.atomic
def save_and_close(save: Callable[[], Article], *, window: Window, by: "User") -> Article:
    """Save by a verb, and empty what was kept of it, so that it is not offered again.

    The row stays, even if there was none: an older request that is still on its way finds it. Raise
    what the verb raises.
    """
    article = save()
    empty = {"words": {}, "closed_at": timezone.now(), "number": _LARGEST}
    KeptText.objects.still_open().filter(window.earlier(by)).update(**empty)
    if window.is_known:
        row, is_new = KeptText.objects.get_or_create(by=by, window=window.token, defaults=empty)
        if not is_new:
            KeptText.objects.filter(pk=row.pk).update(**empty)
    return article


@transaction.atomic
def throw_away(kept: KeptText, *, by: "User") -> None:
    """Empty a kept text of their own; what its window sends from now on is refused."""
    KeptText.objects.still_open().filter(pk=kept.pk, by=by).update(
        words={}, closed_at=timezone.now(), number=_LARGEST
    )


def delete_old_texts(now: datetime) -> None:
    """Delete what nobody came back for, and emptied rows that nothing can be late for."""
    KeptText.objects.filter(
        Q(kept_at__lt=now - timedelta(days=DAYS))
        | Q(closed_at__lt=now - timedelta(days=_CLOSED_DAYS))
    ).delete()


def _refuse_too_long(typed: Mapping[str, str | list[str]]) -> None:
    body = typed.get("body", "")
    if len(body) > MAX_BODY_LENGTH:
        raise StepRefused(body_too_long(len(body)))
    around = sum(len("".join(value)) for name, value in typed.items() if name != "body")
    if around > _MOST_AROUND:
        raise StepRefused(words.TOO_LONG_TO_KEEP)
