"""Which requests of a colleague to move, and where."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inquiries.forms.fields import set_choices
from inquiries.forms.picked_rows import PickedRowsForm
from inquiries.models import Language
from inquiries.states import Urgency
from inquiries.team import availability, language_words
from inquiries.triage.moving import MOST

if TYPE_CHECKING:
    from portal.models import User

_RELEASE = "release"


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

    def __init__(self, *args: Any, owner: "User", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {
            str(user.pk): user
            for user in availability.available_coordinators()
            if user.pk != owner.pk
        }
        here = [
            (key, language_words.name_with_languages(user)) for key, user in self.colleagues.items()
        ]
        first = [("", _("Choose")), (_RELEASE, _("Back to the queue"))]
        set_choices(self, "to", [*first, *here])

    @property
    def to_colleague(self) -> "User | None":
        """Return None for the queue."""
        return self.colleagues.get(self.cleaned_data["to"])


class PickedForm(PickedRowsForm):
    """The rows that were left checked."""

    most = MOST
