"""What intake must know about a request or a correction, besides its text."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from articles.models import Article, Category
from inquiries.models import AccessLink, IntakeChannel
from inquiries.states import Proof, SpamSignal
from inquiries.submission import Sender

if TYPE_CHECKING:
    from portal.models import User


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """The details of a form that was sent, either by the sender or for a caller."""

    #: The form's idempotency key.
    key: str
    #: What the browser shows about who is sending it.
    sender: Sender = field(default_factory=Sender)
    article: Article | None = None
    #: The number of the article revision that was read.
    revision: int | None = None
    topic: Category | None = None
    channel: IntakeChannel = IntakeChannel.WEB
    #: The colleague who entered it for a caller.
    by: "User | None" = None
    #: Signs that it may be from a bot.
    signals: AbstractSet[SpamSignal] = frozenset()
    #: The network it came from, as `bursts.hash_network` returns it; empty if that is not known.
    network: str = ""
    #: When it was accepted, if that was earlier than now.
    at: datetime | None = None
    #: What the sender was told then; empty if nothing has been told yet.
    reference: str = ""
    page_code: str = ""


@dataclass(frozen=True, kw_only=True)
class Correction:
    """The details of changed text for an existing request."""

    #: The proof of who sent it.
    proven: Proof
    #: Given to the browser that sent it.
    ticket: str = ""
    by: "User | None" = None
    signals: AbstractSet[SpamSignal] = frozenset()
    #: When it was said, if that was earlier than now: anything said since still counts.
    at: datetime | None = None
    #: The link that the sender used. Other links that were mailed to an address that no longer
    #: counts stop working.
    keep_link: AccessLink | None = None
