"""Lists of the request page as strings, so that drawing a long one costs little."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince, timeuntil

from inquiries.contact.disclosure import Listener
from inquiries.models import Clock, Inquiry
from inquiries.states import State
from inquiries.triage.duplicates import may_be_first
from inquiries.views.staff import words
from inquiries.views.staff.drawn_forms import Sheet
from inquiries.views.staff.record import EarlierSending, Record
from inquiries.views.staff.row_templates import draw_rows
from inquiries.views.staff.times import iso, on_calendar, on_clock

_FOLDER = "admin/inquiries/request"
_ANY = UUID(int=0)


# --- What happened --------------------------------------------------------------------------------


def draw_timeline(record: Record, sheet: Sheet) -> SafeString:
    """Draw all that happened, with what was written at the time."""
    rows = []
    for event in record.timeline:
        message, note = getattr(event, "message", None), getattr(event, "note", None)
        earlier = record.earlier_sending(event)
        rows.append(
            {
                "number": str(event.number),
                "at": iso(event.at),
                "time": on_clock(event.at, "DATETIME_FORMAT"),
                "summary": event.summary,
                "message": _paragraphs(message.text) if message else "",
                "note": _paragraphs(note.text) if note else "",
                "earlier": _draw_earlier(earlier, sheet) if earlier else "",
            }
        )
    return draw_rows(rows, f"{_FOLDER}/_timeline_row.html")


def _paragraphs(text: str) -> SafeString:
    return mark_safe(linebreaks(text, autoescape=True))  # noqa: S308 - it is escaped


def _draw_earlier(earlier: EarlierSending, sheet: Sheet) -> SafeString:
    shown = {"sending": earlier.sending, "topic": earlier.topic, "inquiry": sheet.inquiry}
    return render_to_string(f"{_FOLDER}/_earlier_sending.html", shown, sheet.request)


# --- Other requests -------------------------------------------------------------------------------


def draw_others(found: Iterable[Inquiry], sheet: Sheet, *, may_link: bool) -> SafeString:
    """Draw requests with the same contact details, with a button that closes this one for it."""
    inquiry = sheet.inquiry
    action = reverse("admin:inquiries_inquiry_step", args=[inquiry.pk, "link_duplicate"])
    rows = []
    for each in found:
        offers = may_link and may_be_first(each, inquiry)
        rows.append(
            {
                **_describe(each),
                "day": on_clock(each.received_at, "DATE_FORMAT"),
                "action": action if offers else "",
                "version": str(inquiry.version),
                "token": sheet.token,
                "is_closed": each.state == State.CLOSED,
            }
        )
    return draw_rows(rows, f"{_FOLDER}/_other_row.html")


def draw_linked(found: Iterable[Inquiry]) -> SafeString:
    """Draw requests that were linked with this one."""
    rows = [{**_describe(each), "day": "", "action": ""} for each in found]
    return draw_rows(rows, f"{_FOLDER}/_other_row.html")


def _describe(inquiry: Inquiry) -> dict[str, Any]:
    return {
        "reference": inquiry.reference,
        "address": _address_of_any().replace(str(_ANY), str(inquiry.pk)),
        "state": _state(inquiry),
    }


@cache
def _address_of_any() -> str:
    return reverse("admin:inquiries_inquiry_change", args=[_ANY])


def _state(inquiry: Inquiry) -> str:
    """Say in what state it is, and if it is closed, how, when, and by whom it was handled."""
    state = inquiry.get_state_display()
    said = {"owner": inquiry.owner, "state": state}
    if inquiry.state != State.CLOSED:
        return words.STATE_WITH_OWNER % said if inquiry.owner else state
    said |= {"outcome": inquiry.outcome_word, "day": on_clock(inquiry.closed_at, "DATE_FORMAT")}
    return (words.CLOSED_BY if inquiry.owner else words.CLOSED_ON) % said


# --- Who may be on the line -----------------------------------------------------------------------


def draw_listeners(found: Iterable[Listener]) -> SafeString:
    """Draw what may be said to whom; the first is who we expect."""
    rows = []
    for place, each in enumerate(found):
        said = each.sentence
        rows.append(
            {
                "is_first": not place,
                "who": each.who,
                "first": each.first,
                "may": each.may,
                "never": " ".join(each.never),
                "words": said.words if said else "",
                "translated": said.translated if said else "",
                "language": said.language if said else "",
                "notes": [*said.notes] if said else [],
            }
        )
    return draw_rows(rows, f"{_FOLDER}/_listener_row.html")


# --- Deadlines ------------------------------------------------------------------------------------


def draw_deadlines(clocks: Iterable[Clock], now: datetime) -> SafeString:
    """Draw the deadlines that run, each with how it was counted."""
    rows = []
    for clock in clocks:
        is_late = clock.due_at < now
        span = timesince(clock.due_at, now) if is_late else timeuntil(clock.due_at, now)
        said = {
            "urgency": clock.get_urgency_display(),
            "target": clock.target,
            "since": on_clock(clock.started_at, "WEEKDAY_TIME_FORMAT"),
            "calendar": clock.calendar_name,
        }
        rows.append(
            {
                "kind": clock.get_kind_display(),
                "at": iso(clock.due_at),
                "time": on_clock(clock.due_at, "WEEKDAY_TIME_FORMAT"),
                "overdue": words.OVERDUE_BY % {"span": span} if is_late else "",
                "due_in": "" if is_late else words.DUE_IN % {"span": span},
                "is_paused": clock.paused_at is not None,
                "counted": (words.UNTIL_CLOSING if clock.until_closing else words.COUNTED) % said,
                "paused": words.WAS_PAUSED % {"paused": clock.paused}
                if clock.paused_minutes
                else "",
                "is_missed": clock.is_missed,
                "days": _draw_days(clock),
            }
        )
    return draw_rows(rows, f"{_FOLDER}/_deadline_row.html")


def _draw_days(clock: Clock) -> SafeString:
    rows = [
        {"day": on_calendar(day, "WEEKDAY_FORMAT"), "counts": counts, "hours": hours}
        for day, counts, hours in clock.days
    ]
    return draw_rows(rows, f"{_FOLDER}/_deadline_day.html")
