"""Which of one's requests go to whom at the end of a shift, with a word for each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.forms.fields import HIGHEST_VERSION, MESSAGE_LENGTH, TextField
from inquiries.models import Inquiry
from inquiries.team import availability, language_words

if TYPE_CHECKING:
    from portal.models import User

_DEFAULT = timedelta(hours=1)


@dataclass(frozen=True)
class OfferAsked:
    inquiry: Inquiry
    to: "User"
    word: str
    version: int


class ShiftForm(forms.Form):
    """For each request: who it is offered to (nobody by default), a word, and its version."""

    use_required_attribute = False

    answer_by = forms.TimeField(
        label=_("When do you need an answer?"),
        help_text=_("Today, clinic time. After that, you and the leads are told."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Enter the time like this: 14:30")),
    )

    def __init__(self, *args: Any, rows: Iterable[Inquiry], by: "User", **kwargs: Any) -> None:
        later = timezone.localtime() + _DEFAULT
        kwargs.setdefault("initial", {"answer_by": later.strftime("%H:%M")})
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        here = [user for user in availability.available_coordinators() if user.pk != by.pk]
        self.colleagues = {str(user.pk): user for user in here}
        choices: list[tuple[str, Any]] = [("", _("Keep it"))]
        choices += [(str(user.pk), language_words.name_with_languages(user)) for user in here]
        for row in self.rows:
            self.fields[f"to-{row.pk}"] = forms.ChoiceField(
                label=_("Offer to"),
                choices=choices,
                required=False,
                error_messages={"invalid_choice": _("Choose a colleague who is available")},
            )
            self.fields[f"word-{row.pk}"] = TextField(
                label=_("A word for them"),
                required=False,
                max_length=MESSAGE_LENGTH,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"version-{row.pk}"] = forms.IntegerField(
                min_value=1,
                max_value=HIGHEST_VERSION,
                initial=row.version,
                widget=forms.HiddenInput,
            )

    def fieldsets(self) -> Iterator[tuple[Inquiry, list[Any]]]:
        for row in self.rows:
            yield row, [self[f"{name}-{row.pk}"] for name in ("to", "word", "version")]

    def clean_answer_by(self) -> datetime:
        """Return it as an aware time today."""
        typed: time = self.cleaned_data["answer_by"]
        now = timezone.localtime()
        at = timezone.make_aware(datetime.combine(now.date(), typed))
        if at <= now:
            raise forms.ValidationError(_("Choose a time later than now"))
        return at

    def clean(self) -> dict[str, Any]:
        if not self.errors and not any(self.asked()):
            self.add_error(None, _("Choose a colleague for at least one request"))
        return self.cleaned_data

    def asked(self) -> Iterator[OfferAsked]:
        for row in self.rows:
            if to := self.cleaned_data.get(f"to-{row.pk}"):
                said = self.cleaned_data
                yield OfferAsked(
                    row, self.colleagues[to], said[f"word-{row.pk}"], said[f"version-{row.pk}"]
                )
