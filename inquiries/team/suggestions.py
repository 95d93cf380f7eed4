"""Who suits a request best: suggested at claim and hand-over, never decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inquiries.models import Inquiry, Language
from inquiries.states import State
from inquiries.team import availability, languages, load

if TYPE_CHECKING:
    from portal.models import User


@dataclass(frozen=True)
class Suggestion:
    """A colleague who is here, with what speaks for them."""

    user: "User"
    #: The sender's language if they speak it, and it is not English.
    language: Language | None
    #: The topic if they know it well.
    topic: str
    #: How many requests they have open.
    load: int


def suggest_colleagues(
    inquiry: Inquiry, users: Iterable["User"], *, language: str
) -> list[Suggestion]:
    """Return these colleagues, who are here: the best first.

    First who speaks the sender's `language`, then who knows the topic, then who has least to do,
    and then the order given.
    """
    users = list(users)
    knowing, held = load.users_who_know(inquiry.topic_id), load.totals.get()

    def rank(user: "User") -> tuple[bool, bool, int]:
        is_new_to_it = user.pk not in knowing
        return not languages.speaks(user, language), is_new_to_it, held.get(user.pk, 0)

    foreign = languages.foreign_language(language)
    return [
        Suggestion(
            user,
            foreign if foreign and languages.speaks(user, foreign) else None,
            inquiry.topic.name if inquiry.topic and user.pk in knowing else "",
            held.get(user.pk, 0),
        )
        for user in sorted(users, key=rank)
    ]


def find_experts(inquiry: Inquiry, reader: "User") -> list["User"]:
    """Return who is here and knows the topic of a new request, unless the reader does."""
    knowing = load.users_who_know(inquiry.topic_id)
    if inquiry.state != State.NEW or not knowing or reader.pk in knowing:
        return []
    return [user for user in availability.here.get() if user.pk in knowing]
