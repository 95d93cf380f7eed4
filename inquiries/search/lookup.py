"""Finding a request by its reference, or by values that the database cannot read.

An email, a phone number or its last four digits, the beginning of a name, or its sound is looked up
by a keyed hash (a blind index), truncated to 128 bits. The index tells someone who has the database
but no key which requests share one of these, how common each is, and about how long a name is. It
does not reveal the values: docs/decisions/0044-finding-a-person.md.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db import connection

from articles.text_cleaning import clean_code
from inquiries.contact_details import phone_numbers
from inquiries.keyring import Purpose, purpose_key
from inquiries.models import IndexEntry, Inquiry, KeptQuery
from inquiries.reference import parse_beginning, parse_reference
from inquiries.search.normalization import normalized_words
from inquiries.search.sounds import sound_keys

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: Part of a name is found by its first letters: at least this many …
SHORTEST_PREFIX = 3
# … and at most this many.
_LONGEST_PREFIX = 16
_DIGEST_BYTES = 16
MAX_RESULTS = 50
#: If a name finds fewer than this, others that sound like it are added.
_FEW = 10
_LAST_DIGITS = 4
_MAX_OTHERS = 10
#: Only this many characters of a search are used: an email address has no more.
LONGEST_TYPED = 254
# Only this many words narrow a search, because each costs the database a join.
_MOST_WORDS = 8
# Three groups that include a digit, which almost no name has.
_LIKE_A_REFERENCE = re.compile(r"(?=\D*\d)(?=.*[A-Za-z])\w{3,5}(?:[- \u2010-\u2015]*\w{2,5}){2}")


# --- Writing the index ----------------------------------------------------------------------------


def index_sending(inquiry: Inquiry, sending: Inquiry) -> tuple[set[bytes], set[bytes]]:
    """Make a request findable by a later `sending` of it as well.

    Return its index entries from before and after. The caller holds the row of the request.
    """
    digests = index_digests(sending)
    rows = IndexEntry.objects.filter(inquiry=inquiry).values_list("digest", flat=True)
    there = {bytes(digest) for digest in rows}
    IndexEntry.objects.bulk_create(
        [IndexEntry(inquiry=inquiry, digest=digest) for digest in digests - there]
    )
    return there, there | digests


def find_with_same_contact(sending: Inquiry, *, exclude: Inquiry) -> list[Inquiry]:
    """Other requests with the same email or phone, newest first."""
    terms = [_email_term(sending.email)] if sending.email else []
    terms += map(_phone_term, phone_numbers.index_terms(sending.phone, sending.phone_e164))
    if not terms:
        return []
    digests = {f"digest{place}": digest for place, digest in enumerate(_digests(terms))}
    return _with_same_contact(len(digests)).fetch(pk=exclude.pk, **digests)


@lru_cache(maxsize=16)
def _with_same_contact(count: int) -> KeptQuery[Inquiry]:
    """Return the query for requests with any of so many digests, except one."""

    def rows(pk: UUID, **digests: bytes) -> "QuerySet[Inquiry]":
        same = IndexEntry.objects.filter(digest__in=[*digests.values()]).values("inquiry")
        found = Inquiry.objects.filter(pk__in=same).exclude(pk=pk).select_related("owner")
        return found.only(
            *("reference", "state", "received_at", "outcome", "closed_at", "duplicate_of"),
            *("owner__first_name", "owner__last_name", "owner__username"),
        ).order_by("-received_at")[:_MAX_OTHERS]

    kinds: dict[str, Any] = {f"digest{place}": bytes for place in range(count)}
    return KeptQuery(rows, pk=UUID, **kinds)


def index_digests(sending: Inquiry) -> set[bytes]:
    words = {
        word
        for name in (sending.full_name, sending.patient_name)
        for word in normalized_words(name)
    }
    terms = {_name_term(prefix) for word in words for prefix in _prefixes(word)}
    terms |= {_whole_name_term(word) for word in words}
    if sending.email:
        terms.add(_email_term(sending.email))
    numbers = [*phone_numbers.index_terms(sending.phone, sending.phone_e164)]
    terms |= {*map(_phone_term, numbers)}
    terms |= {_last_four_term(number[-_LAST_DIGITS:]) for number in numbers}
    terms |= {_sound_term(key) for word in words for key in sound_keys(word)}
    return set(_digests(terms))


def _prefixes(word: str) -> set[str]:
    """Return the prefixes of a word; a word shorter than the shortest prefix is indexed whole."""
    longest = min(len(word), _LONGEST_PREFIX)
    return {word[:length] for length in range(SHORTEST_PREFIX, longest + 1)} or {word}


# --- Looking up -----------------------------------------------------------------------------------


class Found(NamedTuple):
    """What a search found, newest first, and what the input was taken for."""

    kind: str
    inquiries: list[Inquiry]
    #: Keys of those that only sound like what was typed.
    alike: frozenset[UUID] = frozenset()


def find_by_reference(typed: str) -> tuple[str, list[Inquiry]]:
    """Like `find_inquiries`, for input that can only be a whole reference."""
    reference = parse_reference(typed)
    if reference is None:
        return "mistyped", []
    return "reference", list(Inquiry.objects.for_queue().filter(reference=reference))


def find_by_beginning(typed: str) -> Found:
    """Like `find_by_reference`, but the beginning of a reference is enough."""
    if parse_reference(typed):
        return Found(*find_by_reference(typed))
    if found := _find_by_beginning(typed):
        return Found("beginning", found)
    return Found("mistyped", [])


def find_inquiries(typed: str) -> Found:
    """Find the newest MAX_RESULTS requests in any state.

    The input is taken for a reference or the beginning of one, an email, a phone number or the last
    four digits of one, or a name; or for a mistyped reference, or nothing.
    """
    typed = clean_code(typed)
    if parse_reference(typed):
        return Found(*find_by_reference(typed))
    if "@" in typed:
        return Found("email", _newest([_email_term(typed)]))
    if numbers := phone_numbers.search_terms(typed):
        return Found("phone", _newest(map(_phone_term, numbers)))
    if digits := _last_digits(typed):
        return Found("last_four", _newest([_last_four_term(digits)]))
    return _find_by_name(typed)


def _find_by_name(typed: str) -> Found:
    words = normalized_words(typed)[:_MOST_WORDS]
    found = _newest(_name_term(word[:_LONGEST_PREFIX]) for word in words) if words else []
    alike = _find_by_sound(words, found) if words and len(found) < _FEW else []
    if not found and (by_reference := _find_by_beginning(typed)):
        return Found("beginning", by_reference)
    kind = "name" if words else "nothing"
    if not found and _LIKE_A_REFERENCE.fullmatch(typed):
        kind, alike = "mistyped", []
    return Found(kind, [*found, *alike], frozenset(each.pk for each in alike))


def _newest(terms: Iterable[str]) -> list[Inquiry]:
    """Return the requests that have all of these terms."""
    rows = Inquiry.objects.for_queue().order_by("-received_at", "-id")
    for digest in _digests(terms):
        rows = rows.filter(index_entries__digest=digest)
    return list(rows[:MAX_RESULTS])


def _find_by_sound(words: list[str], found: list[Inquiry]) -> list[Inquiry]:
    """Return others with names that begin like each word, or sound like it."""
    rows = Inquiry.objects.for_queue().order_by("-received_at", "-id")
    has_sound = False
    for word in words:
        sounds = {_sound_term(key) for key in sound_keys(word)}
        has_sound = has_sound or bool(sounds)
        digests = list(_digests({_name_term(word[:_LONGEST_PREFIX]), *sounds}))
        rows = rows.filter(pk__in=IndexEntry.objects.filter(digest__in=digests).values("inquiry"))
    if not has_sound:
        return []
    return list(rows.exclude(pk__in=[each.pk for each in found])[: MAX_RESULTS - len(found)])


def _find_by_beginning(typed: str) -> list[Inquiry]:
    beginning = parse_beginning(typed)
    if beginning is None:
        return []
    begun = {"reference__startswith": beginning}
    # SQLite reads an index for a range, and not for LIKE.
    within = {"reference__gte": beginning, "reference__lt": f"{beginning}~"}
    rows = Inquiry.objects.for_queue().filter(
        **(within if connection.vendor == "sqlite" else begun)
    )
    return list(rows.order_by("-received_at", "-id")[:MAX_RESULTS])


def _last_digits(typed: str) -> str:
    """Return exactly four digits, of any script; else nothing."""
    digits = "".join(str(unicodedata.decimal(each, "")) for each in typed)
    return digits if len(digits) == len(typed) == _LAST_DIGITS else ""


def email_digest(address: str) -> bytes:
    """Return a hash by which two mails to one address can be matched."""
    return next(_digests([_email_term(address)]))


# --- Terms ----------------------------------------------------------------------------------------


def name_digest(word: str) -> bytes:
    """Return the hash of one whole word of a name, as `normalized_words` returns it."""
    return next(_digests([_whole_name_term(word)]))


def _name_term(prefix: str) -> str:
    return f"name:{prefix}"


def _whole_name_term(word: str) -> str:
    return f"whole name:{word}"


def _sound_term(key: str) -> str:
    return f"sound:{key}"


def _last_four_term(digits: str) -> str:
    return f"last four:{digits}"


def _email_term(address: str) -> str:
    return f"email:{clean_code(address).casefold()}"


def _phone_term(number: str) -> str:
    return f"phone:{number}"


def _digests(terms: Iterable[str]) -> Iterator[bytes]:
    key = purpose_key(Purpose.INDEX)
    for term in terms:
        yield hmac.new(key, term.encode(), hashlib.sha256).digest()[:_DIGEST_BYTES]
