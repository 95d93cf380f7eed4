"""The form for writing to the sender, with canned replies to start from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inquiries import submission_history
from inquiries.forms.fields import MESSAGE_LENGTH, TextField, set_choices
from inquiries.forms.step_form import StepForm
from inquiries.models import CannedReply, Inquiry, Language
from inquiries.triage import article_links, canned_replies, language_guess


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
        rows = CannedReply.objects.select_related("translation_of")
        self.replies = {str(reply.pk): reply for reply in rows}
        self.articles = {str(each.pk): each for each in article_links.list_articles()}
        self._set_choices(Language.ENGLISH)

    def adapt_to(self, inquiry: Inquiry, sending: Inquiry) -> None:
        """List replies in the sender's language first, then those in English."""
        self._set_choices(sending.language)

    def _set_choices(self, language: str) -> None:
        self._group("begin", self.replies, canned_replies.title_with_original, language)
        self._group("article", self.articles, str, language)

    def _group(
        self, name: str, rows: dict[str, Any], title: Callable[[Any], str], language: str
    ) -> None:
        """Offer `rows` by language: the sender's first, then English."""
        wanted = dict.fromkeys([language, Language.ENGLISH, *Language.values])
        groups: dict[str, list[tuple[str, str]]] = {each: [] for each in wanted}
        for key, row in rows.items():
            groups.setdefault(row.language, []).append((key, title(row)))
        labels = dict(Language.choices)
        named = [(labels.get(each, each), of_it) for each, of_it in groups.items() if of_it]
        set_choices(self, name, [("", _("Choose")), *named])

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
