"""Forms of Django's admin whose words a verb takes."""

from typing import Any

from django import forms


class VerbForm(forms.ModelForm[Any]):
    """A form whose words a verb takes: it fills the row itself, and says what stands against it."""

    #: Reasons for which the verb has refused what was sent.
    refused: tuple[str, ...] = ()

    # Not “version”: that is the row's, as of now.
    opened_version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["opened_version"] = getattr(self.instance, "version", 0)
        if self.instance._state.adding:
            self.initial["opened_version"] = 0

    def clean(self) -> dict[str, Any] | None:
        for reason in self.refused:
            self.add_error(None, reason)
        return super().clean()

    def _post_clean(self) -> None:
        """Nothing: the row stays as it is until the verb changes it."""
