"""What intake has to know of a request or a correction, beside its words."""

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
    """Of a form that was sent, by the sender or for a caller."""

    #: The form's idempotency key.
    key: str
    #: What the browser shows of who sends.
    sender: Sender = field(default_factory=Sender)
    article: Article | None = None
    #: The number of the one that was read of the article.
    revision: int | None = None
    topic: Category | None = None
    channel: IntakeChannel = IntakeChannel.WEB
    #: Whoever entered it for a caller.
    by: "User | None" = None
    #: What speaks for a machine.
    signals: AbstractSet[SpamSignal] = frozenset()
    #: From which network it came, as `bursts.hash_network` gives it; empty where that is not known.
    network: str = ""
    #: When it was accepted, where that was before now.
    at: datetime | None = None
    #: What the sender was told then; empty where nothing was told yet.
    reference: str = ""
    page_code: str = ""


@dataclass(frozen=True, kw_only=True)
class Correction:
    """Of other words for a request that is there."""

    #: What says who sent them.
    proven: Proof
    #: Given to the browser that sent them.
    ticket: str = ""
    by: "User | None" = None
    signals: AbstractSet[SpamSignal] = frozenset()
    #: When it was said, where that was before now: what was said since goes on to count.
    at: datetime | None = None
    #: The link by which the sender came; others that were mailed to an address that does not count
    #: any more open nothing.
    keep_link: AccessLink | None = None
