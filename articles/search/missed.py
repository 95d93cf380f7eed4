"""What people look for and don't find, for editors: what to write about, and what to call it.

Counted by network, without an address. What was typed isn't stored before several networks looked
for it in the same week, so that nobody's own words are; and never if it may name a person or place.
"""

import re
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import connection, transaction
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
_ADD_SEARCH = (
    "INSERT INTO articles_missedsearch (week, mark, language, words, networks) "
    "SELECT %s, %s, %s, '', 0 WHERE NOT EXISTS "
    "(SELECT 1 FROM articles_missedsearch WHERE week = %s AND mark = %s) AND NOT EXISTS "
    "(SELECT 1 FROM articles_missedsearch WHERE week = %s LIMIT 1 OFFSET %s) "
    "ON CONFLICT DO NOTHING"
)
_ADD_NETWORK = (
    "INSERT INTO articles_missednetwork (missed_id, mark) "
    "SELECT id, %s FROM articles_missedsearch WHERE week = %s AND mark = %s ON CONFLICT DO NOTHING"
)
_COUNT = (
    "UPDATE articles_missedsearch SET networks = counted.number, "
    "words = CASE WHEN counted.number >= %s THEN %s ELSE words END "
    "FROM (SELECT COUNT(*) AS number FROM articles_missednetwork network "
    "JOIN articles_missedsearch missed ON missed.id = network.missed_id "
    "WHERE missed.week = %s AND missed.mark = %s) AS counted "
    "WHERE week = %s AND mark = %s AND networks < counted.number"
)
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


def note(typed: str, *, language: str, network: str, on: date) -> None:
    """Count that somebody in this network found nothing, in one round trip.

    `on`: the day on the clinic's clock.
    """
    if not network or not may_be_kept(typed):
        return
    words = " ".join(words_of(typed))
    monday, searched = week_of(on), _mark(f"{language} {words}")
    week, mark = _prepared(week=monday, mark=searched)
    (own_mark,) = _prepared(mark=_mark(f"{monday} {searched.hex()} {network}"))
    statements: list[tuple[str, list[Any]]] = [
        (_ADD_SEARCH, [week, mark, language, week, mark, week, MOST_PER_WEEK - 1]),
        (_ADD_NETWORK, [own_mark, week, mark]),
        (_COUNT, [FEWEST_NETWORKS, words, week, mark, week, mark]),
    ]
    if connection.vendor == "postgresql":  # it takes all at once, and as one transaction
        with connection.cursor() as cursor:
            cursor.execute(
                "; ".join(sql for sql, _ in statements),
                [value for _, values in statements for value in values],
            )
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, values in statements:
            cursor.execute(sql, values)


def _prepared(**fields: Any) -> list[Any]:
    """Return values as the database takes them."""
    known: Any = MissedSearch._meta
    return [known.get_field(name).get_db_prep_value(fields[name], connection) for name in fields]


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
    # An earlier release marked networks otherwise. What it counted this week is not counted on,
    # because the same network would count twice.
    return salted_hmac("articles.missed by week", text, algorithm="sha256").digest()[:_BYTES]
