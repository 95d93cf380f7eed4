"""What a sender said, as pages show it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext

from inquiries.contact_details import phone_numbers
from inquiries.encryption import SealBroken
from inquiries.models.choices import BestTime
from inquiries.submission import DECLARED, Group, asked


class Answers:
    """For a model that has the columns of a Submission."""

    if TYPE_CHECKING:
        full_name: Any
        phone: Any
        best_time: Any
        time_zone: Any

    @property
    def initials(self) -> str:
        """Enough to tell two rows apart without a name; “?” if the name can't be decrypted."""
        try:
            words = self.full_name.split()
        except SealBroken:
            return "?"
        return "".join(word[0] for word in words[:3]).upper()

    @property
    def time_now(self) -> datetime | None:
        """The current time where the patient is, if a time zone was given."""
        if not self.time_zone:
            return None
        # Naive, because a template would convert an aware one to the clinic's time.
        return timezone.now().astimezone(ZoneInfo(self.time_zone)).replace(tzinfo=None)

    @property
    def parsed_phone(self) -> phone_numbers.ParsedPhone:
        return phone_numbers.parse_phone(self.phone)

    @property
    def best_times(self) -> list[str]:
        return [str(BestTime(value).label) for value in self.best_time.split(",") if value]

    @property
    def answers_of_sender(self) -> list[tuple[str, str]]:
        """The answers shown next to the name: each that has a label, with that label."""
        return self._labelled_answers(Group.SENDER)

    @property
    def other_answers(self) -> list[tuple[str, str]]:
        return self._labelled_answers(*set(Group) - {Group.SENDER})

    def _labelled_answers(self, *groups: Group) -> list[tuple[str, str]]:
        labels = {name: DECLARED[name].label for name in asked(*groups)}
        said = {name: self._in_words(name) for name, label in labels.items() if label}
        return [(str(labels[name]), words) for name, words in said.items() if words]

    def _in_words(self, name: str) -> str:
        value = getattr(self, name)
        if isinstance(value, bool):
            return gettext("Yes") if value else ""
        return str(getattr(self, f"get_{name}_display", lambda: value)())
