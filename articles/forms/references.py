"""What editors and reviewers fill in about the sources and terms of the library."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from articles.bibliography import identifiers
from articles.forms.base import VerbForm
from articles.forms.fields import CleanCodeField, CleanTextField, clean_formfield
from articles.models import Reference
from articles.rendering.library_snapshot import Source, Standing, StudyDesign

MAX_PASTED = 1_000_000


class ReferenceForm(VerbForm):
    """A source, with the version it was opened at."""

    class Meta:
        model = Reference
        formfield_callback = clean_formfield
        fields = (
            "key", "title", "authors", "journal", "year", "volume", "issue", "pages", "doi", "pmid",
            "registry_id", "url", "design",
        )  # fmt: skip
        help_texts = {
            "key": "What stands in [@key]. Left empty, it is made of name and year: gu-2014. It "
            "cannot be changed once a text cites it.",
            "authors": "Comma-separated, family name first: “Gu F, Wang D”. More than are worth "
            "writing: end with “et al”. A body by its name.",
            "pages": "Such as 1611-9, e123 or S1-S9.",
            "doi": "With or without https://doi.org/",
            "pmid": "The number that PubMed gave it.",
            "registry_id": "Of a trial: NCT01234567, ISRCTN01234567.",
            "url": "Where it has none of these.",
            "design": "It bounds what an article may say of it.",
        }
        field_classes = {"url": forms.CharField}
        labels = {"registry_id": "Registry number", "design": "How the study was made"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever may only look has no fields.
        for name in {"key", "doi", "pmid", "pages", "registry_id"} & set(self.fields):
            field = self.fields[name]
            field.required = False
            # Dashes and prefixes, which the shapes take off, need room of their own.
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
        """What was filled in, as the verbs take it."""
        filled = {name: self.cleaned_data.get(name, "") for name in ReferenceForm.Meta.fields}
        return Source(**{**filled, "design": StudyDesign(filled["design"])})


class StandingForm(forms.Form):
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    standing = forms.ChoiceField(
        choices=[
            (Standing.CURRENT, "Current: nothing is said against it"),
            (Standing.DISPUTED, "Disputed: others found something else, or doubt it"),
            (Standing.SUPERSEDED, "Superseded: a newer one stands in its place"),
            (Standing.RETRACTED, "Retracted: its journal or authors took it back"),
        ],
        widget=forms.RadioSelect,
    )
    note = CleanTextField(
        label="Why, in a sentence for readers",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Readers see a fixed sentence until a second person has approved yours. Where it "
        "is current again, your words are for that person.",
    )
    by_source = CleanCodeField(
        label="By which source",
        max_length=identifiers.KEY_LENGTH + 3,
        required=False,
        help_text="The key of the source that disputes or supersedes it, if the library has it.",
    )

    def clean_by_source(self) -> Reference | None:
        key = self.cleaned_data["by_source"].strip("[]@ ")
        if not key:
            return None
        found = Reference.objects.filter(key=key).first()
        if found is None:
            raise forms.ValidationError(f"The library has no source with the key “{key}”.")
        return found

    def clean_standing(self) -> Standing:
        return Standing(self.cleaned_data["standing"])


class ImportForm(forms.Form):
    """What was pasted or is in a file, of which the entries are chosen on the page that follows."""

    file = forms.FileField(
        required=False,
        widget=forms.FileInput(attrs={"accept": ".ris,.bib,.txt,.json,.nbib,.md"}),
        help_text="RIS, BibTeX, CSL-JSON or PubMed’s format, as your reference manager exports it.",
    )
    text = forms.CharField(
        label="References",
        max_length=MAX_PASTED,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text="Or paste what it or the journal's “cite” button exports.",
    )

    #: What was not UTF-8 in the file, with what was made of it.
    notes: tuple[str, ...] = ()

    def clean_file(self) -> str:
        """Its words."""
        from articles.bibliography.decoding import UnreadableFile, decode_file

        file: UploadedFile | None = self.cleaned_data["file"]
        try:
            text, notes = decode_file(file.read()) if file else ("", [])
        except UnreadableFile as unreadable:
            raise forms.ValidationError(f"Line {unreadable.line}: {unreadable}") from unreadable
        self.notes = tuple(f"Line {line}: {reason}" for line, reason in notes)
        return text.replace("\x00", "")

    def clean(self) -> None:
        given = [self.cleaned_data.get(name, "") for name in ("file", "text")]
        if all(given):
            self.add_error("file", "Choose a file or paste: one of the two.")
        elif not any(given) and not self.errors:
            self.add_error(None, "Choose a file, or paste what it holds.")
        self.cleaned_data["text"] = "".join(given)
