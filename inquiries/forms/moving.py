"""Which requests of a colleague to move, and where."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from inquiries.models import Inquiry, Language
from inquiries.states import Urgency
from inquiries.team import availability, language_words
from inquiries.triage.moving import MOST

if TYPE_CHECKING:
    from portal.models import User

_RELEASE = "release"
# The largest value a version column holds.
_HIGHEST = 2**31 - 1


class MoveForm(forms.Form):
    use_required_attribute = False

    urgency = forms.ChoiceField(
        label=_("Which urgency?"), choices=[("", _("All")), *Urgency.choices], required=False
    )
    language = forms.ChoiceField(
        label=_("Which language?"), choices=[("", _("All")), *Language.choices], required=False
    )
    to = forms.ChoiceField(
        label=_("To whom?"),
        error_messages={
            "required": _("Choose a colleague, or the queue"),
            "invalid_choice": _("Choose a colleague who is available"),
        },
    )

    data: QueryDict

    def __init__(self, *args: Any, owner: "User", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {
            str(user.pk): user
            for user in availability.available_coordinators()
            if user.pk != owner.pk
        }
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose")),
            (_RELEASE, _("Back to the queue")),
            *(
                (key, language_words.name_with_languages(user))
                for key, user in self.colleagues.items()
            ),
        ]

    @property
    def to_colleague(self) -> "User | None":
        """Return None for the queue."""
        return self.colleagues.get(self.cleaned_data["to"])


class PickedForm(forms.Form):
    """The rows that were left checked, each as `key:version`."""

    data: QueryDict

    def clean(self) -> dict[str, Any]:
        self._versions: dict[UUID, int] = {}
        try:
            for each in self.data.getlist("picked")[:MOST]:
                key, _colon, version = each.partition(":")
                self._versions[UUID(key)] = min(int(version), _HIGHEST)
        except ValueError:
            self.add_error(None, _("The page did not load completely. Please try again"))
        if not self._versions and not self.errors:
            self.add_error(None, _("Select requests first"))
        return super().clean() or {}

    def selected(self) -> Iterable[tuple[Inquiry, int]]:
        found = Inquiry.objects.filter(pk__in=self._versions).order_by("due_at", "id")
        return [(inquiry, self._versions[inquiry.pk]) for inquiry in found]
