"""The form for writing to the sender, with canned replies to start from."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from inquiries import submission_history
from inquiries.forms.fields import MESSAGE_LENGTH, TextField, set_choices
from inquiries.forms.step_form import StepForm
from inquiries.models import CannedReply, Inquiry, Language
from inquiries.triage import canned_replies, case_choices, language_guess


@dataclass(frozen=True)
class LanguageDoubt:
    """A reply that seems to be in a language other than the one the sender asked for."""

    written: Language
    wanted: Language


class ReplyForm(StepForm):
    begin = forms.ChoiceField(
        label=_("Begin with"),
        help_text=_("“Fill in” adds it below what you have written. Nothing is sent yet."),
        required=False,
        error_messages={
            "required": _("Choose a reply to begin with"),
            "invalid_choice": _("This reply is no longer there: choose another"),
        },
    )
    article = forms.ChoiceField(
        label=_("Point to an article"),
        help_text=_("“Insert” adds its title and address below what you have written."),
        required=False,
        error_messages={
            "required": _("Choose an article to insert"),
            "invalid_choice": _("This article is no longer there: choose another"),
        },
    )
    text = TextField(
        label=_("Message to the sender"),
        help_text=_("They read it on their private page. It may mention what they asked about."),
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write the message first")},
    )

    #: Staff must confirm it before the reply is sent.
    language_doubt: LanguageDoubt | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            for each in (case_choices.replies, case_choices.articles):
                each.refresh()
            self.take((Language.ENGLISH, case_choices.replies.get(), case_choices.articles.get()))

    @classmethod
    def choices_for(cls, inquiry: Inquiry, sending: Inquiry) -> Hashable:
        """List replies in the sender's language first, then those in English."""
        return sending.language, case_choices.replies.get(), case_choices.articles.get()

    def take(self, choices: Any) -> None:
        language, replies, articles = choices
        self.has_replies, self.has_articles = bool(replies), bool(articles)
        self._group("begin", replies, language)
        self._group("article", articles, language)

    def _group(self, name: str, texts: case_choices.Texts, language: str) -> None:
        """Offer `texts` by language: the sender's first, then English."""
        wanted = dict.fromkeys([language, Language.ENGLISH, *Language.values])
        groups: dict[str, list[tuple[str, str]]] = {each: [] for each in wanted}
        for its_language, key, title in texts:
            groups.setdefault(its_language, []).append((key, title))
        labels = dict(Language.choices)
        named = [(labels.get(each, each), of_it) for each, of_it in groups.items() if of_it]
        set_choices(self, name, [("", _("Choose")), *named])

    @property
    def chosen_reply(self) -> CannedReply:
        rows = CannedReply.objects.select_related("translation_of")
        return rows.get(pk=self.cleaned_data["begin"])

    @property
    def chosen_article(self) -> Article:
        return Article.objects.published().get(pk=self.cleaned_data["article"])

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if left := canned_replies.unfilled_placeholder(text):
            raise forms.ValidationError(
                _("%(left)s was not filled in: write what belongs there, or take it out"),
                params={"left": left},
            )
        return text

    def needs_confirmation(self, inquiry: Inquiry) -> bool:
        """Return whether it seems to be in the wrong language, unless that was confirmed."""
        self.language_doubt = None
        guessed = language_guess.guess_language(self.cleaned_data["text"])
        if not guessed or guessed == self.data.get(self.add_prefix("sure")):
            return False
        wanted = submission_history.current_sending(inquiry).language
        # A language may have a list of small words before it can be chosen.
        if wanted == guessed or not {wanted, guessed} <= set(Language.values):
            return False
        self.language_doubt = LanguageDoubt(Language(guessed), Language(wanted))
        return True

    def arguments(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("version", "text")}


class InsertReplyForm(ReplyForm):
    """Requires only what is to be inserted: what was written so far may be anything."""

    #: The field that names it.
    chooses = "begin"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[self.chooses].required = True
        self.fields["text"].required = False

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        return text


class InsertArticleForm(InsertReplyForm):
    chooses = "article"
