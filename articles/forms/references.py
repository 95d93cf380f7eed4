"""The forms for the sources and terms of the library."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from articles.bibliography import identifiers
from articles.forms.base import VerbForm
from articles.forms.fields import CleanCodeField, CleanTextField, clean_formfield
from articles.models import Reference
from articles.rendering.library_snapshot import Source, Standing, StudyDesign

MAX_PASTED = 1_000_000
_LINE = _("Line %(line)d: %(problem)s")


class ReferenceForm(VerbForm):
    """A source, with the version at which it was opened."""

    class Meta:
        model = Reference
        formfield_callback = clean_formfield
        fields = (
            "key", "title", "authors", "journal", "year", "volume", "issue", "pages", "doi", "pmid",
            "registry_id", "url", "design",
        )  # fmt: skip
        help_texts = {
            "key": _(
                "Used to cite it, as in [@key]. If you leave it blank, we make one from the name "
                "and year, such as gu-2014. You can’t change it once an article cites it."
            ),
            "authors": _(
                "Family name first, separated by commas: “Gu F, Wang D”. For a long list, end with "
                "“et al”. For an organization, write its name."
            ),
            "pages": _("Such as 1611-9, e123, or S1-S9."),
            "doi": _("With or without https://doi.org/"),
            "pmid": _("Its number in PubMed."),
            "registry_id": _("For a trial, such as NCT01234567 or ISRCTN01234567."),
            "url": _("If it has none of these."),
            "design": _("This limits what an article may say about it."),
        }
        field_classes = {"url": forms.CharField}
        labels = {"registry_id": _("Registry number"), "design": _("Study design")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Those who may only view a source get no fields.
        for name in {"key", "doi", "pmid", "pages", "registry_id"} & set(self.fields):
            field = self.fields[name]
            field.required = False
            # Cleaning removes dashes and prefixes, so more may be typed than is kept.
            field.validators = []
            field.widget.attrs["maxlength"] = "300"

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        return identifiers.clean_key(key) if key else ""

    def clean_doi(self) -> str:
        return identifiers.clean_doi(self.cleaned_data["doi"])

    def clean_pmid(self) -> str:
        return identifiers.clean_pmid(self.cleaned_data["pmid"])

    def clean_registry_id(self) -> str:
        return identifiers.clean_registry_id(self.cleaned_data["registry_id"])

    def clean_url(self) -> str:
        return identifiers.clean_url(self.cleaned_data["url"])

    def clean_pages(self) -> str:
        return identifiers.clean_pages(self.cleaned_data["pages"])

    def clean_year(self) -> int | None:
        year: int | None = self.cleaned_data["year"]
        return None if year is None else identifiers.clean_year(year)

    def source(self) -> Source:
        """Return what was filled in, as the verbs take it."""
        filled = {name: self.cleaned_data.get(name, "") for name in ReferenceForm.Meta.fields}
        return Source(**{**filled, "design": StudyDesign(filled["design"])})


class LookupForm(forms.Form):
    """A number of a source, read as which kind it is and its bare value."""

    number = CleanCodeField(
        label=_("DOI, PubMed ID, or NCT number"),
        max_length=300,
        help_text=_("Such as 10.1007/s10067-014-2754, 24633461, or NCT01234567."),
    )

    def clean_number(self) -> tuple[str, str]:
        return identifiers.read_number(self.cleaned_data["number"])


class StandingForm(forms.Form):
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    standing = forms.ChoiceField(
        choices=[
            (Standing.CURRENT, _("Current: no known concerns")),
            (Standing.DISPUTED, _("Disputed: others found something different, or doubt it")),
            (Standing.SUPERSEDED, _("Superseded: a newer source replaces it")),
            (Standing.RETRACTED, _("Retracted: its journal or authors withdrew it")),
        ],
        label=_("Status"),
        widget=forms.RadioSelect,
    )
    note = CleanTextField(
        label=_("Reason, in a sentence for readers"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Readers see a standard sentence until a second person approves yours. If the source "
            "is current again, only that person sees your reason."
        ),
    )
    by_source = CleanCodeField(
        label=_("Newer source"),
        max_length=identifiers.KEY_LENGTH + 3,
        required=False,
        help_text=_("The key of the source that disputes or replaces it, if it’s in the library."),
    )

    def clean_by_source(self) -> Reference | None:
        key = self.cleaned_data["by_source"].strip("[]@ ")
        if not key:
            return None
        found = Reference.objects.filter(key=key).first()
        if found is None:
            raise forms.ValidationError(
                _("The library has no source with the key “%(key)s”.") % {"key": key}
            )
        return found

    def clean_standing(self) -> Standing:
        return Standing(self.cleaned_data["standing"])


class ImportForm(forms.Form):
    """References pasted or from a file; the entries are chosen on the next page."""

    file = forms.FileField(
        required=False,
        widget=forms.FileInput(attrs={"accept": ".ris,.bib,.txt,.json,.nbib,.md"}),
        label=_("File"),
        help_text=_(
            "A RIS, BibTeX, CSL-JSON, or PubMed file exported from your reference manager."
        ),
    )
    text = forms.CharField(
        label=_("References"),
        max_length=MAX_PASTED,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=_("Or paste the exported text, such as from a journal’s “Cite” button."),
    )

    #: The lines of the file that were not UTF-8, with how they were read.
    notes: tuple[str, ...] = ()

    def clean_file(self) -> str:
        """Return the text of the file."""
        from articles.bibliography.decoding import UnreadableFile, decode_file

        file: UploadedFile | None = self.cleaned_data["file"]
        try:
            text, notes = decode_file(file.read()) if file else ("", [])
        except UnreadableFile as unreadable:
            raise forms.ValidationError(
                _LINE % {"line": unreadable.line, "problem": unreadable}
            ) from unreadable
        self.notes = tuple(_LINE % {"line": line, "problem": reason} for line, reason in notes)
        return text.replace("\x00", "")

    def clean(self) -> None:
        given = [self.cleaned_data.get(name, "") for name in ("file", "text")]
        if all(given):
            self.add_error("file", _("Choose a file or paste text, but not both."))
        elif not any(given) and not self.errors:
            self.add_error(None, _("Choose a file, or paste its text."))
        self.cleaned_data["text"] = "".join(given)
