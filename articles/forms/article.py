"""The form for the text of an article."""

import secrets
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.content import CONTENT_FIELDS, MAX_BODY_LENGTH, Content, body_too_long
from articles.evidence_stages import Stage
from articles.forms.fields import CleanTextField, clean_formfield
from articles.models import Article, Category, KeptText, Revision
from articles.text_cleaning import clean_text

if TYPE_CHECKING:
    from portal.models import User

_CHANGED = _(
    "Someone changed this article after you opened it, so nothing was saved. What you typed is "
    "still here. Open the article in a new tab, compare, and copy your changes over."
)


class ArticleForm(forms.ModelForm[Revision]):
    """The text of an article, opened at one of its versions; a new article has none."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    #: The number of the revision that it was opened with.
    revision = forms.CharField(widget=forms.HiddenInput, required=False)
    #: The token of the page that it is filled in on, and the kept text that it was opened with.
    window = forms.CharField(widget=forms.HiddenInput, required=False)
    kept = forms.CharField(widget=forms.HiddenInput, required=False)
    slug = forms.SlugField(
        label=_("Address"),
        max_length=200,
        required=False,
        help_text=_(
            "The last part of its web address. If you leave it blank, it’s made from the title."
        ),
    )
    categories = forms.ModelMultipleChoiceField(
        Category.objects.all(),
        label=_("Categories"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    justified_words = CleanTextField(
        label=_("Allowed wording"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "If a check flags a word as hype but it’s right here, write the word, a colon, and "
            "why. Put each one on its own line."
        ),
    )
    interests = CleanTextField(
        label=_("Your conflicts of interest"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Anything that could make a reader doubt you, such as money, positions, or family. "
            "Readers see this. If there is nothing, write “None”."
        ),
    )

    class Meta:
        model = Revision
        formfield_callback = clean_formfield
        fields = (
            "title", "summary", "stage", "condition", "condition_code", "key_points", "body",
            "correction",
        )  # fmt: skip
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3}),
            "key_points": forms.Textarea(attrs={"rows": 5}),
            "body": forms.Textarea(attrs={"rows": 30}),
            "correction": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(
        self,
        *args: Any,
        article: Article | None = None,
        by: "User | None" = None,
        kept: KeptText | None = None,
        **kwargs: Any,
    ) -> None:
        self.article = article
        if article:
            kwargs["instance"] = Revision(
                **{name: getattr(article.head, name) for name in CONTENT_FIELDS}
            )
            if not article.has_draft:
                kwargs["instance"].correction = ""  # Readers already see that one.
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [("", _("Not chosen yet")), *Stage.choices]  # type: ignore[attr-defined]
        if article:
            del self.fields["slug"]  # It changes on a page of its own: readers hold links to it.
            self.initial["version"] = article.version
            self.initial["revision"] = article.head.number
            self.initial["categories"] = article.categories.all()
            self.initial["justified_words"] = _as_lines(article.head.justified)
            own = article.head.authorships.filter(author=by).first()
            self.initial["interests"] = own.interests if own else ""
        if not article or not article.published_at:
            del self.fields["correction"]  # Nobody has read anything wrong yet.
        self._saved = dict(self.initial)
        self.initial["window"] = secrets.token_urlsafe(16)
        if kept:
            self._fill_in(kept)

    def _fill_in(self, kept: KeptText) -> None:
        self.initial.update(
            {name: kept.words[name] for name in self._shown() if name in kept.words}
        )
        self.initial["kept"] = str(kept.pk)
        if kept.is_overtaken():
            self.initial["version"] = kept.version  # so that saving is refused
            self.initial["revision"] = kept.based_on.number if kept.based_on else ""

    def _shown(self) -> list[str]:
        return [name for name, field in self.fields.items() if not field.widget.is_hidden]

    def typed(self) -> dict[str, str | list[str]]:
        """Return what is in each field that people see, finished or not, as it can be kept."""
        return {name: _as_typed(self[name].data) for name in self._shown()}

    def opened(self) -> dict[str, str | list[str]]:
        """Return what is in each of these fields when the form is opened, without a kept text."""
        return {name: _as_typed(self._saved.get(name)) for name in self._shown()}

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if len(body) > MAX_BODY_LENGTH:
            raise forms.ValidationError(body_too_long(len(body)))
        return body

    def clean_justified_words(self) -> dict[str, str]:
        justified, wrong = _read_lines(self.cleaned_data["justified_words"])
        if wrong:
            raise forms.ValidationError(
                _("“%(line)s”: write the word, a colon, and why.") % {"line": wrong[0][:80]}
            )
        return justified

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.article and self.cleaned_data.get("version") != self.article.version:
            self.add_error(
                None,
                _CHANGED,
            )
        return cleaned

    def content(self) -> Content:
        """Return what was filled in, as the verbs take it."""
        words = {name: self.cleaned_data.get(name) or "" for name in self._meta.fields or ()}
        return Content(**words, justified=self.cleaned_data["justified_words"])

    def unsaved_content(self) -> Content:
        """Return what is in the form, finished or not, for a preview. Raise BodyTooLong."""
        words = {name: self.data.get(name, "") for name in self._meta.fields or ()}
        words["title"] = words["title"][:200].strip() or str(_("Untitled"))
        words["stage"] = words["stage"] if words["stage"] in Stage.values else ""
        justified, _wrong = _read_lines(self.data.get("justified_words", ""))
        return Content(**words, justified=justified).cleaned()


def _as_typed(value: Any) -> str | list[str]:
    if isinstance(value, str) or value is None:
        return clean_text(value or "")
    return sorted(clean_text(str(getattr(each, "pk", each))) for each in value)


def _read_lines(written: str) -> tuple[dict[str, str], list[str]]:
    """Return each word with its reason, and the lines that lack one or the other."""
    justified, wrong = {}, []
    for line in filter(str.strip, written.splitlines()):
        word, _colon, reason = (part.strip() for part in line.partition(":"))
        if word and reason:
            justified[word.lower()] = reason
        else:
            wrong.append(line.strip())
    return justified, wrong


def _as_lines(justified: dict[str, str]) -> str:
    return "\n".join(f"{word}: {reason}" for word, reason in justified.items())
