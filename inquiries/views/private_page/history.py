"""The history of one request as its sender sees it: what was said, tried, and read, and by whom."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from inquiries.danger import phrases
from inquiries.models import Event, Helped, Inquiry
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.states import EmergencyHelp, ErasureReason, WaitReason
from inquiries.templatetags.clinic_time import clinic_deadline
from inquiries.views.private_page import words

if TYPE_CHECKING:
    from portal.models import User

Kind = Event.Kind


@dataclass
class HistoryMessage:
    """One message, from the sender or from us."""

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
    """One person's reads of the request on one day; `at` is the last time."""

    at: datetime
    who: str
    times: int = 1


class History:
    """The whole history, from a single query of the events."""

    def __init__(self, inquiry: Inquiry) -> None:
        self.inquiry = inquiry
        self.events = correspondence.load_history(inquiry)
        additions = [event for event in self.events if event.kind == Kind.ADDED]
        #: What now counts of what they sent, in a form to be shown like a request.
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
        """Whether a link was created since the last time that links were turned off or ended."""
        linking = {Kind.LINKED, Kind.UNLINKED, Kind.LINKS_ENDED}
        kinds = [event.kind for event in self.events if event.kind in linking]
        return kinds[-1:] == [Kind.LINKED]

    @property
    def languages(self) -> list[str]:
        """Languages of danger phrases, latest message first, and then the language they chose."""
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
                    if text == last:  # something else was changed
                        continue
                case Kind.WROTE | Kind.REPLIED:
                    text = event.message.text
                case Kind.HELPED if hasattr(event, "message"):
                    text = event.message.text
                case _:
                    continue
            is_from_sender = event.kind != Kind.REPLIED
            if event.kind in {Kind.RECEIVED, Kind.ADDED}:
                last = text
            yield HistoryMessage(
                event.at,
                is_from_sender,
                str(words.YOU) if is_from_sender else display_name(event.by),
                text,
            )

    def _readings(self) -> list[DailyReading]:
        """Return reads, newest first: one for each person and day."""
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
    """Return the name that readers see, with the role; never the username."""
    if user is None:
        return str(words.OUR_CLINIC)
    name, role = user.public_name, user.get_role_display()
    return f"{name} ({role})" if role and role != name else name


def _attempt(event: Event) -> str:
    tried = words.TRIED.get(event.detail.get("method", ""), words.TRIED_SOMEHOW)
    ended = words.ATTEMPT_RESULTS.get(event.detail.get("reached", ""), "")
    return f"{tried % _who(event)} {ended}".strip()


def _conversation(event: Event) -> str:
    return words.SPOKE.get(event.detail.get("method", ""), words.SPOKE_SOMEHOW) % _who(event)


_ATTEMPT_SENTENCES: dict[str, Callable[[Event], str]] = {
    Kind.ATTEMPTED: _attempt,
    Kind.CONNECTED: _conversation,
}


def _waited(event: Event) -> str:
    when = clinic_deadline(datetime.fromisoformat(event.detail["until"]))
    return words.WAITS[WaitReason(event.detail["why"])] % {**_who(event), "when": when}


def _closed(event: Event) -> str:
    outcome = event.detail.get("outcome", "")
    if event.by is None and outcome == Outcome.WITHDRAWN:
        return str(words.WITHDRAWN)
    if outcome not in Outcome.values:
        return _done(event)
    return f"{display_name(event.by)}: {Outcome(outcome).end.to_sender}"


def _undelivered(event: Event) -> str:
    return str(words.CAME_BACK.get(event.detail.get("failure", ""), "") or _done(event))


def _judged(event: Event) -> str:
    return str(words.JUDGED[bool(event.detail.get("answered"))])


def _helped(event: Event) -> str:
    """An erased request no longer says what the answer was."""
    helped = event.inquiry.helped
    return str(words.HELPED[Helped(helped)] if helped else words.HELPED_ERASED)


def _done(event: Event) -> str:
    sentences = words.DONE if event.by and event.kind in words.DONE else words.HAPPENED
    return sentences[Kind(event.kind)] % _who(event)


def _who(event: Event) -> dict[str, str]:
    return {"who": display_name(event.by)}


#: One sentence per event. Events told elsewhere, or of no concern to the sender, are left out.
_EVENT_SENTENCES: dict[str, Callable[[Event], str]] = {
    **dict.fromkeys(words.HAPPENED, _done),
    Kind.UNDELIVERED: _undelivered,
    Kind.WAITED: _waited,
    Kind.CLOSED: _closed,
    Kind.DUPLICATE_MARKED: _closed,
    Kind.JUDGED: _judged,
    Kind.HELPED: _helped,
}


def _told_in_copy(event: Event) -> str:
    return words.ONLY_IN_COPY[Kind(event.kind)] % _who(event)


def _handed_over(event: Event) -> str:
    return words.HANDED_OVER[EmergencyHelp(event.detail["to"])] % _who(event)


def _erased(event: Event) -> str:
    return str(words.ERASED[ErasureReason(event.detail["reason"])])


#: Sentences for all events, for a page that tells them in one timeline.
ALL_SENTENCES: dict[str, Callable[[Event], str]] = {
    **_ATTEMPT_SENTENCES,
    **_EVENT_SENTENCES,
    **dict.fromkeys(words.ONLY_IN_COPY, _told_in_copy),
    Kind.HANDED_OVER: _handed_over,
    Kind.ERASED: _erased,
}


def tell_event(event: Event) -> str:
    """Return what happened, in a sentence to the sender."""
    return ALL_SENTENCES[event.kind](event)
