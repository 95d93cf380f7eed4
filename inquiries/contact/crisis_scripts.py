"""The clinic's crisis script: what to say and do when somebody on the phone is in danger."""

import re
from dataclasses import dataclass

from django.conf import settings

from inquiries.models import CrisisScript

EMERGENCY, CRISIS_LINE = "{emergency}", "{crisis_line}"
#: What is filled in, wherever it stands in a step.
PLACEHOLDERS = (EMERGENCY, CRISIS_LINE)
_IN_BRACES = re.compile(r"\{[^{}]*\}?|\}")


@dataclass(frozen=True)
class FilledScript:
    """As it is read out: with the numbers in it."""

    when: str
    steps: tuple[str, ...]


def filled_scripts() -> list[FilledScript]:
    return [
        FilledScript(row.title, tuple(map(fill_placeholders, row.step_list)))
        for row in CrisisScript.objects.all()
    ]


def fill_placeholders(step: str) -> str:
    """With the clinic's numbers. Where it names no crisis line, the emergency number stands in."""
    clinic = settings.CLINIC
    line = clinic.crisis_line or (
        f"{clinic.emergency_number}, because no crisis line is set for this clinic"
    )
    return step.replace(EMERGENCY, clinic.emergency_number).replace(CRISIS_LINE, line)


def unknown_placeholders(text: str) -> list[str]:
    """What stands in braces, or is a brace alone, that nothing is filled in for."""
    found = _IN_BRACES.findall(text)
    return [each for each in dict.fromkeys(found) if each not in PLACEHOLDERS]
