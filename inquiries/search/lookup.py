"""Finding a request by its reference, or by values that the database cannot read.

An email, a phone number, or the beginning of a name is looked up by a keyed hash (a blind index),
truncated to 128 bits. The index tells someone who has the database but no key which requests share
an email, a phone, a name, or the beginning of one; how common each is; and about how long a name
is. It does not reveal the values.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator

from articles.text_cleaning import clean_code
from inquiries.contact_details import phone_numbers
from inquiries.keyring import Purpose, purpose_key
from inquiries.models import IndexEntry, Inquiry
from inquiries.reference import parse_reference
from inquiries.search.normalization import normalized_words

#: Part of a name is found by its first letters: at least this many …
SHORTEST_PREFIX = 3
# … and at most this many.
_LONGEST_PREFIX = 16
_DIGEST_BYTES = 16
MAX_RESULTS = 50
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
    same = IndexEntry.objects.filter(digest__in=list(_digests(terms))).values("inquiry")
    found = Inquiry.objects.filter(pk__in=same).exclude(pk=exclude.pk)
    return list(
        found.select_related("owner")
        .only(
            *("reference", "state", "received_at", "outcome", "closed_at", "duplicate_of"),
            *("owner__first_name", "owner__last_name", "owner__username"),
        )
        .order_by("-received_at")[:_MAX_OTHERS]
    )


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
    terms |= {*map(_phone_term, phone_numbers.index_terms(sending.phone, sending.phone_e164))}
    return set(_digests(terms))


def _prefixes(word: str) -> set[str]:
    """Return the prefixes of a word; a word shorter than the shortest prefix is indexed whole."""
    longest = min(len(word), _LONGEST_PREFIX)
    return {word[:length] for length in range(SHORTEST_PREFIX, longest + 1)} or {word}


# --- Looking up -----------------------------------------------------------------------------------


def find_by_reference(typed: str) -> tuple[str, list[Inquiry]]:
    """Like `find_inquiries`, for input that can only be a reference."""
    reference = parse_reference(typed)
    if reference is None:
        return "mistyped", []
    return "reference", list(Inquiry.objects.for_queue().filter(reference=reference))


def find_inquiries(typed: str) -> tuple[str, list[Inquiry]]:
    """Return what the input was taken for, and the newest MAX_RESULTS requests found, in any state.

    It is taken for a reference, email, phone, or name; or for a mistyped reference, or nothing.
    """
    typed = clean_code(typed)
    if parse_reference(typed):
        return find_by_reference(typed)
    if "@" in typed:
        kind, terms = "email", [_email_term(typed)]
    elif numbers := phone_numbers.search_terms(typed):
        kind, terms = "phone", [*map(_phone_term, numbers)]
    else:
        words = normalized_words(typed)[:_MOST_WORDS]
        kind, terms = "name", [_name_term(word[:_LONGEST_PREFIX]) for word in words]
    if not terms:
        return "nothing", []
    rows = Inquiry.objects.for_queue().order_by("-received_at", "-id")
    for digest in _digests(terms):
        rows = rows.filter(index_entries__digest=digest)
    found = list(rows[:MAX_RESULTS])
    if kind == "name" and not found and _LIKE_A_REFERENCE.fullmatch(typed):
        kind = "mistyped"
    return kind, found


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


def _email_term(address: str) -> str:
    return f"email:{clean_code(address).casefold()}"


def _phone_term(number: str) -> str:
    return f"phone:{number}"


def _digests(terms: Iterable[str]) -> Iterator[bytes]:
    key = purpose_key(Purpose.INDEX)
    for term in terms:
        yield hmac.new(key, term.encode(), hashlib.sha256).digest()[:_DIGEST_BYTES]
