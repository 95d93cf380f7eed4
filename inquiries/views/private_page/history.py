"""The story of one request as its sender sees it: what was said, tried and read, and by whom."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from inquiries.danger import phrases
from inquiries.models import ContactMethod, Event, Inquiry
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.states import AttemptResult, WaitReason

if TYPE_CHECKING:
    from portal.models import User

Kind = Event.Kind


@dataclass
class HistoryMessage:
    """One message, of hers or of ours."""

    at: datetime
    is_from_sender: bool
    who: str
    text: str


@dataclass
class HistoryEntry:
    at: datetime
    text: str


@dataclass
class DailyReading:
    """That somebody opened the request, on one day; `at` is the last time."""

    at: datetime
    who: str
    times: int = 1


class History:
    """All of it, from one look at the events."""

    def __init__(self, inquiry: Inquiry) -> None:
        self.inquiry = inquiry
        self.events = correspondence.load_history(inquiry)
        additions = [event for event in self.events if event.kind == Kind.ADDED]
        #: What counts now of what she sent, to be shown like a request.
        self.sending = additions[-1].addition.sending if additions else inquiry
        self.messages = [*self._list_messages()]
        self.attempts = [
            HistoryEntry(event.at, _ATTEMPT_SENTENCES[event.kind](event))
            for event in reversed(self.events)
            if event.kind in _ATTEMPT_SENTENCES
        ]
        self.readings = self._readings()
        self.other_events = [
            HistoryEntry(event.at, _EVENT_SENTENCES[event.kind](event))
            for event in reversed(self.events)
            if event.kind in _EVENT_SENTENCES
        ]

    @property
    def has_link(self) -> bool:
        """Whether a link was given out since all were last taken back, or ended."""
        linking = {Kind.LINKED, Kind.UNLINKED, Kind.LINKS_ENDED}
        kinds = [event.kind for event in self.events if event.kind in linking]
        return kinds[-1:] == [Kind.LINKED]

    @property
    def languages(self) -> list[str]:
        """Of words that may mean danger, those of the last message first; then the one chosen."""
        written = (each.text for each in reversed(self.messages) if each.is_from_sender)
        found = (each for text in written for each in phrases.languages_in(text))
        return [*dict.fromkeys(found), self.sending.language]

    def _list_messages(self) -> Iterator[HistoryMessage]:
        last = ""
        for event in self.events:
            match event.kind:
                case Kind.RECEIVED:
                    text = self.inquiry.message
                case Kind.ADDED:
                    text = event.addition.submission.message
                    if text == last:  # she changed something else
                        continue
                case Kind.WROTE | Kind.REPLIED:
                    text = event.message.text
                case _:
                    continue
            is_from_sender = event.kind != Kind.REPLIED
            if event.kind in {Kind.RECEIVED, Kind.ADDED}:
                last = text
            yield HistoryMessage(
                event.at, is_from_sender, "You" if is_from_sender else display_name(event.by), text
            )

    def _readings(self) -> list[DailyReading]:
        """Newest first; of one person on one day, one."""
        found: dict[tuple[object, object], DailyReading] = {}
        for event in reversed(self.events):
            if event.kind == Kind.READ:
                day = timezone.localdate(event.at)
                known = found.setdefault(
                    (event.by_id, day), DailyReading(event.at, display_name(event.by), 0)
                )
                known.times += 1
        return [*found.values()]


def display_name(user: "User | None") -> str:
    """As readers see it, with the role; never what she signs in with."""
    if user is None:
        return "Our clinic"
    name, role = user.public_name, user.get_role_display()
    return f"{name} ({role})" if role and role != name else name


_TRIED = {
    ContactMethod.PHONE: "called you",
    ContactMethod.TEXT: "sent you a text",
    ContactMethod.EMAIL: "emailed you",
}
_SPOKE = {
    ContactMethod.PHONE: "spoke with you on the phone",
    ContactMethod.TEXT: "and you wrote texts to each other",
    ContactMethod.EMAIL: "and you wrote emails to each other",
}
_ATTEMPT_RESULTS = {
    AttemptResult.SPOKE: "You spoke with each other.",
    AttemptResult.LEFT_WORD: "We left a message, as far as you allow it.",
    AttemptResult.NOBODY: "Nobody answered.",
    AttemptResult.SOMEBODY_ELSE: "Somebody else answered, and we said nothing about your health.",
    AttemptResult.WRONG: "The number or address did not work. Please check it.",
}


def _attempt(event: Event) -> str:
    tried = _TRIED.get(event.detail.get("method", ""), "tried to reach you")
    ended = _ATTEMPT_RESULTS.get(event.detail.get("reached", ""), "")
    return f"{display_name(event.by)} {tried}. {ended}".strip()


def _conversation(event: Event) -> str:
    method = event.detail.get("method", "")
    return f"{display_name(event.by)} {_SPOKE.get(method, 'spoke with you')}."


_ATTEMPT_SENTENCES: dict[str, Callable[[Event], str]] = {
    Kind.ATTEMPTED: _attempt,
    Kind.CONNECTED: _conversation,
}


#: Why it waits, to her.
WAIT_REASONS = {
    WaitReason.ASKED: "you asked for that time",
    WaitReason.OTHERS: "somebody else has to answer us first",
    WaitReason.PAPERS: "there is something that you wanted to find or send first",
}


def _received(event: Event) -> str:
    return f"{display_name(event.by)} wrote it down for you." if event.by else "You sent it."


def _added(event: Event) -> str:
    if event.by is None:
        return "You changed what you had told us."
    return f"{display_name(event.by)} changed how we reach you, as you told us."


def _waited(event: Event) -> str:
    until = timezone.localtime(datetime.fromisoformat(event.detail["until"]))
    why = WAIT_REASONS[WaitReason(event.detail["why"])]
    return (
        f"{display_name(event.by)} set it aside until {until:%A %-d %B, %-I:%M %p}, because {why}."
    )


def _released(event: Event) -> str:
    if event.by is None:
        return "It went back to our queue, for another colleague to take on."
    return f"{display_name(event.by)} gave it back, for a colleague to take on."


def _closed(event: Event) -> str:
    outcome = event.detail.get("outcome", "")
    if outcome == Outcome.WITHDRAWN and event.by is None:
        return "You withdrew it."
    how = Outcome(outcome).end.to_sender if outcome in Outcome.values else "it was settled."
    return f"{display_name(event.by)} closed it: {how}"


def _link_asked(event: Event) -> str:
    if event.by is None:
        return "You asked for a new private link."
    return f"{display_name(event.by)} asked for a new private link for you."


def _reopened(event: Event) -> str:
    return f"{display_name(event.by)} opened it again." if event.by else "It was opened again."


def _judged(event: Event) -> str:
    return (
        f"You said that we {'answered' if event.detail.get('answered') else 'did not answer'} you."
    )


#: What happened, in a sentence. What is told elsewhere or is no concern of hers is not here.
_EVENT_SENTENCES: dict[str, Callable[[Event], str]] = {
    Kind.RECEIVED: _received,
    Kind.ADDED: _added,
    # Not what was sent: it may be about somebody else.
    Kind.UNPROVEN: lambda _: (
        "Your form was sent again with other words, from a browser that did not show that it was "
        "you. Nothing was changed. We will ask you about it."
    ),
    Kind.CLAIMED: lambda event: f"{display_name(event.by)} took it on.",
    Kind.RELEASED: _released,
    Kind.TAKEN_OVER: lambda event: f"{display_name(event.by)} took it on.",
    Kind.REASSIGNED: lambda event: f"{display_name(event.by)} handed it to a colleague.",
    Kind.WAITED: _waited,
    Kind.WOKEN: lambda event: f"{display_name(event.by)} took it up again.",
    Kind.CLOSED: _closed,
    Kind.REOPENED: _reopened,
    Kind.JUDGED: _judged,
    Kind.LINK_ASKED: _link_asked,
    Kind.LINKED: lambda _: "A private link was made for you.",
    Kind.UNLINKED: lambda _: "All private links were taken back.",
    Kind.LINKS_ENDED: lambda _: (
        "Your private links ended, because somebody entered wrong details too often."
    ),
    Kind.UNDELIVERED: lambda _: "We could not deliver an email to you. Please check your address.",
}
#: Both, for who tells all of it in one line of time.
SENTENCES = _ATTEMPT_SENTENCES | _EVENT_SENTENCES
