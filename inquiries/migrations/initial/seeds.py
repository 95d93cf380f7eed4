"""What is shipped in rows: the clinic edits all of it from here on.

Frozen: where the code beside it ships something else by now, a later migration brings it. The danger
patterns stand in danger_patterns.txt.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import migrations

DANGER_PATTERNS = Path(__file__).with_name("danger_patterns.txt")

#: From Monday to Friday.
WEEKDAYS = range(5)
OPENS, CLOSES = "09:00", "17:00"

#: Minutes of working time, and how often and how variously somebody is tried.
LEVELS: dict[str, dict[str, Any]] = {
    "urgent": {
        "look_minutes": 60,
        "first_attempt_minutes": 120,
        "next_reply_minutes": 120,
        "closure_minutes": 960,
        "until_closing": False,
        "attempts": 5,
        "hours_apart": 2,
        "parts_of_day": 2,
        "channels": 2,
    },
    "soon": {
        "look_minutes": 240,
        "first_attempt_minutes": 240,
        "next_reply_minutes": 240,
        "closure_minutes": 2400,
        "until_closing": False,
        "attempts": 4,
        "hours_apart": 3,
        "parts_of_day": 2,
        "channels": 2,
    },
    "routine": {
        "look_minutes": 240,
        "first_attempt_minutes": 480,
        "next_reply_minutes": 480,
        "closure_minutes": 4800,
        "until_closing": True,
        "attempts": 3,
        "hours_apart": 4,
        "parts_of_day": 2,
        "channels": 2,
    },
}

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


def seed_levels_and_scripts(apps: Any, schema_editor: Any) -> None:
    def rows(name: str) -> Any:
        return apps.get_model("inquiries", name).objects

    calendar = rows("Calendar").create(name="Clinic hours", country=settings.CLINIC.country)
    for weekday in WEEKDAYS:
        rows("OpeningHours").create(calendar=calendar, weekday=weekday, opens=OPENS, closes=CLOSES)
    for urgency, level in LEVELS.items():
        rows("ServiceLevel").create(urgency=urgency, calendar=calendar, **level)
    for language, title, text in REPLIES:
        rows("CannedReply").create(language=language, title=title, text=text)
    for position, (title, steps) in enumerate(SCRIPTS, start=1):
        rows("CrisisScript").create(title=title, steps=steps, position=position)


def seed_danger_patterns(apps: Any, schema_editor: Any) -> None:
    phrase = apps.get_model("inquiries", "DangerPhrase")
    phrase.objects.bulk_create(
        phrase(kind=kind, language=language, phrase=pattern)
        for kind, language, pattern in danger_patterns()
    )


def danger_patterns(file: Path = DANGER_PATTERNS) -> Iterator[tuple[str, str, str]]:
    """Kind, language and pattern."""
    kind = language = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            _, kind, language = line.split()
        elif line and not line.startswith("#"):
            yield kind, language, line


OPERATIONS = [
    migrations.RunPython(seed_levels_and_scripts),
    migrations.RunPython(seed_danger_patterns),
]
