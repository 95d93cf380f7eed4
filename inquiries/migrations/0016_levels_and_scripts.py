"""The service levels, calendar and scripts as they are shipped; the clinic edits them from here on.

And a clock for each thing that is owed already, due when it was due.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import migrations
from django.utils import timezone

from inquiries.deadlines.service_levels import SHIPPED_LEVELS, SHIPPED_WEEK

OPEN = ["new", "claimed", "connected", "waiting"]
REACHED = ["attempted", "connected", "replied"]

REPLIES = [
    (
        "en",
        "We tried to call you",
        "Hello {name},\n\nwe tried to call you and could not reach you. When is a good time to "
        "call? You can answer right here.\n\nYour reference is {reference}.\n\n"
        "{coordinator}\n{clinic}",
    ),
    (
        "en",
        "We have to ask a colleague first",
        "Hello {name},\n\nthank you for your message. I want to give you a right answer, so I am "
        "asking a colleague first. I will write to you again here.\n\nPlease do not stop or "
        "change any medicine before you have talked with your doctor.\n\n{coordinator}\n{clinic}",
    ),
    (
        "en",
        "How to get ready for a visit",
        "Hello {name},\n\nbefore your visit it helps to have:\n\n- a list of your medicines, with "
        "doses\n- your last test results, if you have them\n- your questions, the most important "
        "one first\n\nYou may bring somebody with you.\n\n{coordinator}\n{clinic}",
    ),
    (
        "es",
        "Intentamos llamarle",
        "Hola, {name}:\n\nIntentamos llamarle y no pudimos comunicarnos. ¿A qué hora podemos "
        "llamarle? Puede responder aquí mismo.\n\nSu número de referencia es {reference}.\n\n"
        "{coordinator}\n{clinic}",
    ),
    (
        "es",
        "Primero debemos preguntar a un colega",
        "Hola, {name}:\n\nGracias por su mensaje. Quiero darle una respuesta correcta, por eso "
        "primero voy a preguntar a un colega. Le escribiré de nuevo aquí.\n\nNo deje ni cambie "
        "ningún medicamento antes de hablar con su médico.\n\n{coordinator}\n{clinic}",
    ),
]

SCRIPTS = [
    (
        "Chest pain, trouble breathing, or another emergency of the body",
        "Say: “This may be an emergency. I will get help, and I will stay with you.”\n"
        "Ask: “Where are you right now?” Write down the address and the number she calls from.\n"
        "Ask: “Is somebody with you?” Have that person call {emergency} on another phone.\n"
        "If she is alone, ask a colleague to call {emergency} while you keep her on the line.\n"
        "If you are alone too, add {emergency} to this call. Do not hang up to dial.\n"
        "Tell them what she said, in her words, and where she is. Do not guess what it is.\n"
        "Stay on the line until they say that they have her.\n"
        "Then log the hand-over below and tell your lead.",
    ),
    (
        "Thoughts of suicide",
        "Say: “I am glad that you told me. I will stay with you.”\n"
        "Ask plainly: “Are you thinking of killing yourself?” Asking does not put it in her mind.\n"
        "Ask: “Have you done something to hurt yourself today? Do you have something with you to "
        "do it?” If yes, or if you cannot tell: {emergency}, as in an emergency of the body.\n"
        "Ask: “Where are you right now? Is somebody with you?” Write it down.\n"
        "Say: “I would like to bring in somebody who does this every day. I stay with you until "
        "you two are talking.”\n"
        "Add the crisis line to the call: {crisis_line}. Say who you are, and what she told you, "
        "with her there.\n"
        "Do not promise to keep it secret. Do not argue, and do not leave her alone on hold.\n"
        "Leave the call only when she and the crisis line are talking.\n"
        "Then log the hand-over below and tell your lead.",
    ),
]


def ship(apps: Any, schema_editor: Any) -> None:
    def model(name: str) -> Any:
        return apps.get_model("inquiries", name)

    calendar = model("Calendar").objects.create(
        name="Clinic hours", country=settings.CLINIC.country
    )
    for weekday, hours in enumerate(SHIPPED_WEEK):
        for opens, closes in hours:
            model("OpeningHours").objects.create(
                calendar=calendar, weekday=weekday, opens=opens, closes=closes
            )
    for urgency, level in SHIPPED_LEVELS.items():
        model("ServiceLevel").objects.create(urgency=urgency, calendar=calendar, **level)
    for language, title, text in REPLIES:
        model("CannedReply").objects.create(language=language, title=title, text=text)
    for position, (title, steps) in enumerate(SCRIPTS, start=1):
        model("CrisisScript").objects.create(title=title, steps=steps, position=position)


def start_clocks(apps: Any, schema_editor: Any) -> None:
    Inquiry, Event = apps.get_model("inquiries", "Inquiry"), apps.get_model("inquiries", "Event")
    Clock = apps.get_model("inquiries", "Clock")
    now = timezone.now()

    for inquiry in Inquiry.objects.filter(urgent=True).only("pk").iterator():
        said = Event.objects.filter(inquiry=inquiry).values_list("detail", flat=True)
        if any(detail.get("urgent") for detail in said):
            Inquiry.objects.filter(pk=inquiry.pk).update(urgency="urgent")

    def start(inquiry: Any, kind: str, due_at: datetime, started_at: datetime) -> None:
        Clock.objects.create(
            inquiry=inquiry, kind=kind, urgency=inquiry.urgency, started_at=started_at,
            due_at=due_at, calendar="Before there were calendars",
            target_minutes=SHIPPED_LEVELS[inquiry.urgency][f"{kind}_minutes"],
            told=75, warn_at=due_at,
        )  # fmt: skip

    rows = Inquiry.objects.filter(state__in=["quarantined", *OPEN])
    fields = ("pk", "state", "urgency", "due_at", "received_at", "wrote_at", "answered_at")
    for inquiry in rows.only(*fields).iterator():
        if inquiry.state == "quarantined":
            start(inquiry, "look", inquiry.due_at, inquiry.received_at)
            continue
        since = inquiry.wrote_at or inquiry.received_at
        closure_at = max(inquiry.due_at, now + timedelta(days=14))
        start(inquiry, "closure", closure_at, inquiry.received_at)
        if inquiry.answered_at is None or inquiry.answered_at < since:
            tried = Event.objects.filter(inquiry=inquiry, kind__in=REACHED).exists()
            start(inquiry, "next_reply" if tried else "first_attempt", inquiry.due_at, since)
        else:
            Inquiry.objects.filter(pk=inquiry.pk).update(due_at=closure_at)


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0015_deadlines_and_notices")]

    operations = [
        migrations.RunPython(ship, migrations.RunPython.noop),
        migrations.RunPython(start_clocks, migrations.RunPython.noop),
    ]
