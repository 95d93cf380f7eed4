"""What each step on an article asks for."""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from articles import checking
from articles.editing.previews import MAX_DAYS
from articles.forms.fields import CleanTextField
from articles.models import Article
from articles.rendering.certainty import NO_RATINGS, Certainty, Ground, Rating, Ratings
from articles.rendering.findings import Finding
from articles.states import Step

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from portal.models import User

_DATE: dict[str, Any] = {"type": "date", "aria-label": _("Date")}
_TIME: dict[str, Any] = {"type": "time", "aria-label": _("Time")}


class StepForm(forms.Form):
    """One step on an article, bound to the version that was read."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def arguments(self) -> dict[str, Any]:
        """Return the arguments for the verb."""
        return dict(self.cleaned_data)


def _reason_field(label: "_StrPromise", help_text: "str | _StrPromise" = "") -> CleanTextField:
    words = forms.Textarea(attrs={"rows": 3})
    return CleanTextField(label=label, max_length=400, widget=words, help_text=help_text)


class SubmitForm(StepForm):
    """Asks who should review it; `reviewers` are those who may, whom to ask first at the top."""

    reviewer = forms.ChoiceField(
        label=_("Reviewer"),
        required=False,
        help_text=_(
            "They get an email that a draft is waiting. Anyone else who may review it can still do "
            "so."
        ),
    )

    def __init__(self, *args: Any, reviewers: "Sequence[User]" = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reviewers = {str(user.pk): user for user in reviewers}
        field: Any = self.fields["reviewer"]
        named = [(pk, user.public_name) for pk, user in self._reviewers.items()]
        field.choices = [*named, ("", _("Anyone who may review it"))]
        field.initial = next(iter(self._reviewers), "")

    def arguments(self) -> dict[str, Any]:
        return {**self.cleaned_data, "reviewer": self._reviewers.get(self.cleaned_data["reviewer"])}


class SendBackForm(StepForm):
    words = CleanTextField(
        label=_("What needs to change"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class ApproveForm(StepForm):
    """Asks for a rating of each evidence card, and for what only a person can confirm."""

    interests = CleanTextField(
        label=_("Your conflicts of interest"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Readers see this. If there is nothing, write “None”."),
    )

    def __init__(
        self,
        *args: Any,
        answers: tuple[checking.CheckResult, ...] = (),
        findings: tuple[Finding, ...] = (),
        ratings: Ratings = NO_RATINGS,
        carried: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        """`ratings` are those of the same cards that are valid now.

        `carried` are the IDs of the checks that need no new answer.
        """
        super().__init__(*args, **kwargs)
        self._carries = bool(carried)
        self._cards = range(1, len(findings) + 1)
        for number, finding in enumerate(findings, 1):
            self._ask_for_rating(number, finding, ratings.get(number))
        self._attested = [
            each.check
            for each in answers
            if each.check.level == checking.Level.ATTESTED and each.check.id not in carried
        ]
        for check in self._attested:
            self.fields[_box(check)] = forms.BooleanField(
                label=check.title,
                help_text=check.hint,
                error_messages={"required": _("Please confirm this.")},
            )

    def _ask_for_rating(self, number: int, finding: Finding, rating: Rating | None) -> None:
        named = {"number": number, "study": finding.study}
        self.fields[_level(number)] = forms.ChoiceField(
            label=_("Certainty of evidence %(number)d (%(study)s)") % named,
            required=False,
            choices=[("", _("Not rated")), *Certainty.choices],
            initial=rating.level if rating else "",
            help_text=_(
                "In the words of GRADE: how close is the true effect to what was found? Readers "
                "see it on the card, with your reasons."
            ),
        )
        self.fields[_grounds(number)] = forms.MultipleChoiceField(
            label=_("Why the certainty of evidence %(number)d isn’t high") % named,
            required=False,
            choices=Ground.choices,
            initial=list(rating.grounds) if rating else [],
            widget=forms.CheckboxSelectMultiple,
        )

    def arguments(self) -> dict[str, Any]:
        return {
            **({"carry_over": True} if self._carries else {}),
            "version": self.cleaned_data["version"],
            "certainty": dict(self._ratings()),
            "interests": self.cleaned_data["interests"],
            "attested": {
                check.id for check in self._attested if self.cleaned_data.get(_box(check))
            },
        }

    def _ratings(self) -> Iterator[tuple[int, Rating]]:
        for number in self._cards:
            if level := self.cleaned_data.get(_level(number)):
                grounds = tuple(map(Ground, self.cleaned_data.get(_grounds(number), ())))
                yield number, Rating(level=Certainty(level), grounds=grounds)


class ScheduleForm(StepForm):
    at = forms.SplitDateTimeField(
        label=_("Date and time"),
        widget=forms.SplitDateTimeWidget(date_attrs=_DATE, time_attrs=_TIME, time_format="%H:%M"),
        help_text=_("In the clinic’s time zone."),
    )


class RetireForm(StepForm):
    because = _reason_field(_("Reason, in a sentence for readers"))
    instead = CleanTextField(
        label=_("What to read instead"),
        required=False,
        max_length=400,
        help_text=_("The web address of another live article, or the last part of it."),
    )

    def clean_instead(self) -> Article | None:
        slug = self.cleaned_data["instead"].rstrip("/").rpartition("/")[2]
        if not slug:
            return None
        article = Article.objects.published().filter(slug=slug).first()
        if article is None:
            raise forms.ValidationError(_("There is no live article at that address."))
        return article


class PlanRetirementForm(ScheduleForm):
    because = _reason_field(_("Reason, in a sentence for readers"))


class ChangeSlugForm(StepForm):
    slug = forms.SlugField(
        label=_("New address"),
        max_length=200,
        help_text=_("The last part of its web address. The old address will always redirect here."),
    )


class WithdrawImageForm(StepForm):
    because = _reason_field(
        _("Reason, for your colleagues"),
        _("Readers don’t see this. Don’t name any patient."),
    )


class PreviewLinkForm(forms.Form):
    days = forms.IntegerField(
        label=_("Valid for (days)"), min_value=1, max_value=MAX_DAYS, initial=7
    )


#: The form of each step.
STEP_FORMS: dict[Step, type[StepForm]] = {
    Step.SUBMIT: SubmitForm,
    Step.SEND_BACK: SendBackForm,
    Step.APPROVE: ApproveForm,
    Step.PUBLISH: StepForm,
    Step.SCHEDULE: ScheduleForm,
    Step.UNSCHEDULE: StepForm,
    Step.RETIRE: RetireForm,
}


def _box(check: checking.Check) -> str:
    return f"attest-{check.id}"


def _level(number: int) -> str:
    return f"certainty-{number}"


def _grounds(number: int) -> str:
    return f"because-{number}"
