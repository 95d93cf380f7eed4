"""What people say and what our articles say, for search."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from articles.admin.clean_text import CleanTextAdmin
from articles.admin.words import SAYS_NOTHING, SAYS_THE_SAME
from articles.models import Synonym
from articles.search.entries import phrase_stems
from articles.text_cleaning import clean_line


class SynonymForm(forms.ModelForm[Synonym]):
    class Meta:
        model = Synonym
        fields = ("phrase", "phrase_language", "meaning", "meaning_language")

    def clean_phrase(self) -> str:
        return self._phrase("phrase")

    def clean_meaning(self) -> str:
        return self._phrase("meaning")

    def _phrase(self, name: str) -> str:
        phrase = clean_line(self.cleaned_data[name])
        if not phrase_stems(phrase, "en"):
            raise ValidationError(SAYS_NOTHING)
        return phrase

    def clean(self) -> None:
        super().clean()
        said = self.cleaned_data
        if {"phrase", "meaning"} <= said.keys():
            both = [
                (said.get(f"{name}_language"), phrase_stems(said[name], said[f"{name}_language"]))
                for name in ("phrase", "meaning")
                if said.get(f"{name}_language")
            ]
            if len(both) > 1 and both[0] == both[1]:
                self.add_error("meaning", SAYS_THE_SAME)


@admin.register(Synonym)
class SynonymAdmin(CleanTextAdmin[Synonym]):
    form = SynonymForm
    list_display = ("phrase", "phrase_language", "meaning", "meaning_language")
    list_filter = ("phrase_language",)
    search_fields = ("phrase", "meaning")
    list_per_page = 50
