"""A term of the glossary, as a reviewer defines it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.forms.base import TranslatedForm
from articles.forms.fields import clean_formfield
from articles.models import Term
from articles.rendering.library_snapshot import GlossaryEntry


class TermForm(TranslatedForm):
    """A glossary term, with the version at which it was opened."""

    translated = ("name", "definition", "forms")

    class Meta:
        model = Term
        formfield_callback = clean_formfield
        fields = ("name", "definition", "forms")
        widgets = {
            "definition": forms.Textarea(attrs={"rows": 3}),
            "forms": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {"name": _("Term"), "forms": _("Other forms")}
        help_texts = {"forms": _("Such as the plural. One per line.")}

    def entry(self) -> GlossaryEntry:
        """Return what was filled in, as the verbs take it."""
        filled = self.cleaned_data
        return GlossaryEntry(
            slug="",
            name=filled["name"],
            definition=filled["definition"],
            forms=tuple(filled["forms"].splitlines()),
        )
