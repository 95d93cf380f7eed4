"""The worker's rounds: sources whose time has come are looked up, a few at a time."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from articles.library import words
from articles.library.lookup import look_up
from articles.library.lookup.findings import (
    FoundNotice,
    LookupFailed,
    NotFound,
    Unsupported,
    without_repeats,
)
from articles.library.source_notices import claim_source, record_check, record_failure
from articles.models import Reference

logger = logging.getLogger(__name__)

#: Sources in one round, and seconds for one number: all of the worker's long jobs share a thread.
_MOST = 20
_SECONDS = 5.0
#: Between two sources. NCBI allows three requests a second, Crossref more.
_PAUSE = 0.7
#: After so many failures in a row, the round ends: the line may be down.
_MOST_FAILURES = 2


def look_up_due_sources(
    *, on_progress: Callable[[int], None] = lambda count: None, pause: float = _PAUSE
) -> bool | None:
    """Look up what is due, and return whether anything was answered; None if nothing was due.

    Call it outside a transaction: it waits for servers that may be slow.
    """
    is_answered: bool | None = None
    failures = 0
    for done, reference in enumerate(Reference.objects.to_check(timezone.now())[:_MOST]):
        now = timezone.now()
        if failures >= _MOST_FAILURES:
            break
        if not claim_source(reference, now=now):
            continue
        if done:
            time.sleep(pause)
        if _look_up_source(reference, now):
            is_answered, failures = True, 0
        else:
            is_answered, failures = bool(is_answered), failures + 1
        on_progress(done)
    return is_answered


def _look_up_source(reference: Reference, now: datetime) -> bool:
    """Return whether all of its numbers were answered."""
    missing: list[str] = []
    notices: set[FoundNotice] = set()
    for kind, number in zip(("doi", "pmid"), reference.numbers, strict=True):
        if not number:
            continue
        try:
            notices.update(look_up(kind, number, until=time.monotonic() + _SECONDS).notices)
        except NotFound:
            missing.append(f"{words.NUMBER_NAMES[kind]} {number}")
        except Unsupported:
            continue  # nobody here can say, and that is an answer
        except LookupFailed:
            logger.warning("a source could not be looked up", extra={"kind": kind})
            record_failure(reference, now=now)
            return False
    record_check(reference, missing=missing, notices=without_repeats(notices), now=now)
    return True
