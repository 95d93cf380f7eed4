"""The forms for a picture."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy, slugify
from django.utils.translation import gettext_lazy as _

from articles.forms.fields import CleanLineField, clean_formfield
from articles.images import files
from articles.models import Image

if TYPE_CHECKING:
    from articles.images.processing import Master


class _NameField(CleanLineField):
    """A picture's name as a slug: “Kidney, left” becomes kidney-left."""

    def to_python(self, value: Any) -> str:
        return slugify(str(super().to_python(value)).replace("_", "-"))


class ImageDescriptionForm(forms.ModelForm[Image]):
    """A picture has either a description or the mark that it is decorative."""

    is_decorative = forms.BooleanField(
        label=_("This picture is decorative"),
        required=False,
        help_text=_("It doesn’t add anything to the text around it. Screen readers skip it."),
    )
    version = forms.IntegerField(
        min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput, required=False
    )

    class Meta:
        model = Image
        formfield_callback = clean_formfield
        fields: tuple[str, ...] = ("alt", "credit")
        field_classes = {"alt": CleanLineField, "name": _NameField}
        widgets = {"alt": forms.Textarea(attrs={"rows": 3})}

    field_order = ("file", "name", "alt", "is_decorative", "credit", "version")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["is_decorative"] = self.instance.is_decorative
            self.initial["version"] = self.instance.version

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "alt" in self.cleaned_data:
            if self.cleaned_data["alt"] and self.cleaned_data["is_decorative"]:
                self.add_error("alt", _("Describe it or mark it as decorative, but not both."))
            elif not self.cleaned_data["alt"] and not self.cleaned_data["is_decorative"]:
                self.add_error("alt", _("Describe it, or mark it as decorative below."))
        return cleaned

    def details(self) -> dict[str, str]:
        """Return what is said about the picture."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def arguments(self) -> dict[str, Any]:
        """Return the arguments for the verb that changes it."""
        return {**self.details(), "version": self.cleaned_data["version"]}


class ImageForm(ImageDescriptionForm):
    """A new picture, with its file."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=format_lazy(
            _(
                "JPEG, PNG, or WebP, up to {size} MB and at least {width} pixels wide. Location "
                "and camera details are removed."
            ),
            size=files.MAX_BYTES // 10**6,
            width=files.MIN_WIDTH,
        ),
    )

    class Meta(ImageDescriptionForm.Meta):
        fields = ("name", "alt", "credit")

    def clean_file(self) -> "Master":
        from articles.images import processing  # loads Pillow, so only on upload

        file: UploadedFile = self.cleaned_data["file"]
        try:
            return processing.read_image(file.read(), file.name or "")
        except processing.UnsuitableImage as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
