"""Who suits a request best: proposed at claim and hand-over, never decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inquiries.models import Inquiry, Language
from inquiries.team import languages, load

if TYPE_CHECKING:
    from portal.models import User


@dataclass(frozen=True)
class Proposal:
    """A colleague who is here, with what speaks for them."""

    user: "User"
    #: The sender's language if they speak it, and it is not English.
    language: Language | None
    #: The topic if they know it well.
    topic: str
    #: How many requests they have open.
    load: int


def propose(inquiry: Inquiry, users: Iterable["User"], *, language: str) -> list[Proposal]:
    """Return these colleagues, who are here: the best first.

    First who speaks the sender's `language`, then who knows the topic, then who has least to do,
    and then the order given.
    """
    users = list(users)
    knowing, held = load.users_who_know(inquiry.topic_id), load.open_load()

    def rank(user: "User") -> tuple[bool, bool, int]:
        return not languages.speaks(user, language), user.pk not in knowing, held[user.pk].total()

    foreign = languages.foreign_language(language)
    return [
        Proposal(
            user,
            foreign if foreign and languages.speaks(user, foreign) else None,
            inquiry.topic.name if inquiry.topic and user.pk in knowing else "",
            held[user.pk].total(),
        )
        for user in sorted(users, key=rank)
    ]
