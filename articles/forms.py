"""What editors and reviewers fill in."""

from typing import TYPE_CHECKING, Any

from django import forms

from articles import checking
from articles.content import FIELDS, MAX_BODY_LENGTH, Content
from articles.models import Article, Category, Revision
from articles.previews import LONGEST_DAYS
from articles.stages import Stage
from articles.states import Step

if TYPE_CHECKING:
    from portal.models import User

_NEXT = (
    "What you typed is still here: open the article in a new tab, compare, and bring your changes "
    "over."
)


class WritingForm(forms.ModelForm[Revision]):
    """The words of an article, opened at a version of it; a new article has none."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    slug = forms.SlugField(
        label="Address",
        max_length=200,
        required=False,
        help_text="The last part of its address. Made from the title where you leave it empty.",
    )
    categories = forms.ModelMultipleChoiceField(
        Category.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )
    justified_words = forms.CharField(
        label="Words that stay",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Where a check calls a word hype and it is right here: the word, a colon, why. "
        "One a line.",
    )
    interests = forms.CharField(
        label="Your interests",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What could make a reader doubt you: money, posts, family. Shown to readers. "
        "Where there is nothing, say “None”.",
    )

    class Meta:
        model = Revision
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
        **kwargs: Any,
    ) -> None:
        self.article = article
        if article:
            kwargs["instance"] = Revision(**{name: getattr(article.head, name) for name in FIELDS})
            if not article.has_draft:
                kwargs["instance"].correction = ""  # That one is before readers already.
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [("", "Not judged yet"), *Stage.choices]  # type: ignore[attr-defined]
        if article:
            del self.fields["slug"]  # Has a page of its own: readers hold links to it.
            self.initial["version"] = article.version
            self.initial["categories"] = article.categories.all()
            self.initial["justified_words"] = _as_lines(article.head.justified)
            hers = article.head.authorships.filter(author=by).first()
            self.initial["interests"] = hers.interests if hers else ""
        if not article or not article.published_at:
            del self.fields["correction"]  # Nobody has read anything wrong yet.

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if len(body) > MAX_BODY_LENGTH:
            raise forms.ValidationError(
                f"The text has {len(body):,} characters. {MAX_BODY_LENGTH:,} are the most."
            )
        return body

    def clean_justified_words(self) -> dict[str, str]:
        justified, wrong = _read_lines(self.cleaned_data["justified_words"])
        if wrong:
            raise forms.ValidationError(f"“{wrong[0][:80]}”: write the word, a colon, and why.")
        return justified

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.article and self.cleaned_data.get("version") != self.article.version:
            self.add_error(
                None,
                "Somebody changed this article after you opened it, so nothing was saved. " + _NEXT,
            )
        return cleaned

    def content(self) -> Content:
        """What was filled in, as the verbs take it."""
        words = {name: self.cleaned_data.get(name) or "" for name in self._meta.fields or ()}
        return Content(**words, justified=self.cleaned_data["justified_words"])

    def typed(self) -> Content:
        """What stands in it, finished or not, to be looked at. Raise TooLong."""
        words = {name: self.data.get(name, "") for name in self._meta.fields or ()}
        words["title"] = words["title"][:200].strip() or "Without a title yet"
        words["stage"] = words["stage"] if words["stage"] in Stage.values else ""
        justified, _ = _read_lines(self.data.get("justified_words", ""))
        return Content(**words, justified=justified).cleaned()


class StepForm(forms.Form):
    """One step with an article, as it was read at a version."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def arguments(self) -> dict[str, Any]:
        """For the verb."""
        return dict(self.cleaned_data)


class SendBackForm(StepForm):
    words = forms.CharField(
        label="What has to change",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class ApproveForm(StepForm):
    """With a box for each check that only a person can answer."""

    interests = forms.CharField(
        label="Your interests",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Shown to readers. Where there is nothing, say “None”.",
    )

    def __init__(
        self, *args: Any, answers: tuple[checking.Answer, ...] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._attested = [
            each.check for each in answers if each.check.level == checking.Level.ATTESTED
        ]
        for check in self._attested:
            self.fields[_box(check)] = forms.BooleanField(
                label=check.title,
                help_text=check.hint,
                error_messages={"required": "Not confirmed yet."},
            )

    def arguments(self) -> dict[str, Any]:
        return {
            "version": self.cleaned_data["version"],
            "interests": self.cleaned_data["interests"],
            "attested": {
                check.id for check in self._attested if self.cleaned_data.get(_box(check))
            },
        }


class ScheduleForm(StepForm):
    at = forms.SplitDateTimeField(
        label="When",
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date", "aria-label": "Day"},
            time_attrs={"type": "time", "aria-label": "Time"},
            time_format="%H:%M",
        ),
        help_text="On the clinic's clock.",
    )


class RetireForm(StepForm):
    because = forms.CharField(
        label="Why, in a sentence for readers",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    instead = forms.CharField(
        label="What to read instead",
        required=False,
        max_length=400,
        help_text="The address of another article that readers see, or the last part of it.",
    )

    def clean_instead(self) -> Article | None:
        slug = self.cleaned_data["instead"].rstrip("/").rpartition("/")[2]
        if not slug:
            return None
        article = Article.objects.published().filter(slug=slug).first()
        if article is None:
            raise forms.ValidationError("Readers see no article at that address.")
        return article


class RetirementForm(ScheduleForm):
    because = forms.CharField(
        label="Why, in a sentence for readers",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MoveForm(StepForm):
    slug = forms.SlugField(
        label="New address",
        max_length=200,
        help_text="The last part of its address. The old one leads readers here for good.",
    )


class ShareForm(forms.Form):
    days = forms.IntegerField(label="Days it holds", min_value=1, max_value=LONGEST_DAYS, initial=7)


#: What each step asks for.
FORMS: dict[Step, type[StepForm]] = {
    Step.SUBMIT: StepForm,
    Step.SEND_BACK: SendBackForm,
    Step.APPROVE: ApproveForm,
    Step.PUBLISH: StepForm,
    Step.SCHEDULE: ScheduleForm,
    Step.UNSCHEDULE: StepForm,
    Step.RETIRE: RetireForm,
}


def _box(check: checking.Check) -> str:
    return f"attest-{check.id}"


def _read_lines(written: str) -> tuple[dict[str, str], list[str]]:
    """Each word with its reason, and the lines that do not say both."""
    justified, wrong = {}, []
    for line in filter(str.strip, written.splitlines()):
        word, _, reason = (part.strip() for part in line.partition(":"))
        if word and reason:
            justified[word.lower()] = reason
        else:
            wrong.append(line.strip())
    return justified, wrong


def _as_lines(justified: dict[str, str]) -> str:
    return "\n".join(f"{word}: {reason}" for word, reason in justified.items())
