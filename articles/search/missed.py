"""What people look for and don't find, for editors: what to write about, and what to call it.

Counted by network, without an address. What was typed isn't stored before several networks looked
for it in the same week, so that nobody's own words are; and never if it may name a person or place.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from articles.models import MissedNetwork, MissedSearch
from articles.search.tokenizer import words_in, words_of

#: Networks in one week from which editors see what was looked for.
FEWEST_NETWORKS = 6
#: For how long editors see it.
SHOWN_FOR = timedelta(days=90)
#: More than this in a week comes from a machine.
MOST_PER_WEEK = 5_000
#: A longer query tells a story, which is nobody's to keep.
_MOST_WORDS, _MOST_CHARACTERS = 5, 50
#: Bytes of a hash: enough to tell apart, too few to try out addresses against other data.
_BYTES = 16
_NUMBER_OR_ADDRESS = re.compile(r"\d|[@/\\#]|\w\.\w")


def may_be_kept(typed: str) -> bool:
    """Return whether this can't be a name, a number, an address, or somebody's story."""
    words = words_of(typed)
    if not 0 < len(words) <= _MOST_WORDS or len(typed) > _MOST_CHARACTERS:
        return False
    if _NUMBER_OR_ADDRESS.search(typed) or _is_in_title_case(typed):
        return False
    return not any(word in _names_and_streets() for word in words)


def _is_in_title_case(typed: str) -> bool:
    """As people write a name: two words or more, each with a capital."""
    words = typed.split()
    return len(words) > 1 and all(word[0].isupper() for word in words)


@lru_cache(1)
def _names_and_streets() -> frozenset[str]:
    return words_in(Path(__file__).with_name("names_and_streets.txt"))


def note(typed: str, *, language: str, network: str, on: date) -> bool:
    """Count that somebody in this network found nothing; return whether it was counted.

    `on`: the day on the clinic's clock.
    """
    if not network or not may_be_kept(typed):
        return False
    words, week = words_of(typed), week_of(on)
    key = {"week": week, "mark": _mark(f"{language} {' '.join(words)}")}
    with transaction.atomic():
        missed = MissedSearch.objects.filter(**key).first()
        if missed is None:
            if MissedSearch.objects.filter(week=week)[MOST_PER_WEEK - 1 :].exists():
                return False
            missed, _ = MissedSearch.objects.get_or_create(**key, defaults={"language": language})
        _, is_new = MissedNetwork.objects.get_or_create(
            missed=missed, mark=_mark(f"{missed.pk} {network}")
        )
        if is_new:
            _count_one_more(missed, words)
    return is_new


def _count_one_more(missed: MissedSearch, words: Sequence[str]) -> None:
    rows = MissedSearch.objects.filter(pk=missed.pk)
    rows.update(networks=F("networks") + 1)
    rows.filter(networks__gte=FEWEST_NETWORKS).update(words=" ".join(words))


def forget_old(on: date) -> None:
    """Delete what is no longer counted: the networks of past weeks, and what few looked for."""
    past = MissedSearch.objects.filter(week__lt=week_of(on))
    with transaction.atomic():
        MissedNetwork.objects.filter(missed__in=past).delete()
        past.filter(words="").delete()
        past.filter(week__lt=on - SHOWN_FOR).delete()


def week_of(day: date) -> date:
    """Return the Monday of the week."""
    return day - timedelta(days=day.weekday())


def _mark(text: str) -> bytes:
    return salted_hmac("articles.missed", text, algorithm="sha256").digest()[:_BYTES]
