"""Every component of the public pages, in every state: for staff, and compared as pictures."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static

from articles import rendering
from articles.content import INTERESTS_NOT_ASKED, Content
from articles.evidence_stages import STAGE_MEANINGS, Stage, stage_badge
from articles.models import Feedback
from articles.models.category import Picture
from articles.permissions import CHANGE_REFERENCES
from articles.rendering import library_snapshot
from articles.rendering.certainty import Certainty, Ground, Rating
from articles.rendering.library_snapshot import (
    GlossaryEntry,
    LibrarySnapshot,
    Source,
    Standing,
    StudyDesign,
)
from portal import staff_words as words

#: Icons that are not pictures of topics.
_OTHER_ICONS = ("index", "source", "review", "dated", "free", "phone", "search", "urgent", "person")
#: Without it, the pictures would change every day.
_DAY = datetime(2026, 11, 1, 12, tzinfo=UTC)
#: No article has this slug, so what is sent from here reaches none.
_NO_ARTICLE = "-"


class ExampleForm(forms.Form):
    """Nothing that is typed here goes anywhere."""

    name = forms.CharField(label=words.EXAMPLE_NAME, help_text=words.EXAMPLE_HINT)
    way = forms.ChoiceField(
        label=words.EXAMPLE_CHOICE,
        choices=(("phone", words.EXAMPLE_PHONE), ("email", words.EXAMPLE_EMAIL)),
        widget=forms.RadioSelect,
    )
    agrees = forms.BooleanField(label=words.EXAMPLE_CHECKBOX)


def show_components(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if not user.has_perm(CHANGE_REFERENCES):
        raise PermissionDenied
    context = {
        "icons": [(name, f"icons/{name}.html") for name in (*Picture.values, *_OTHER_ICONS)],
        "empty_form": ExampleForm(auto_id="empty_%s"),
        "wrong_form": ExampleForm({}, auto_id="wrong_%s"),
        **_around_an_article(),
    }
    return render(request, "admin/components/page.html", context)


def _around_an_article() -> dict[str, Any]:
    """Return the context of the parts of an article's page, and a text in which all is used."""
    sample = rendering.render(
        Content(
            title="",
            key_points=f"{words.EXAMPLE_POINT} [@current].\n{words.EXAMPLE_OTHER_POINT}",
            body=render_to_string("admin/components/sample.md"),
        ),
        _library(),
    )
    another = {"title": words.EXAMPLE_ARTICLE, "get_absolute_url": "#related"}
    return {
        "sample": sample,
        "live_page": sample,
        "stages": [
            ({"stage": stage, "badge": stage_badge(stage)}, STAGE_MEANINGS[stage])
            for stage in Stage
            if stage is not Stage.NONE
        ],
        "contents": [(each.id, each.title, "") for each in sample.contents[:3]],
        "article": {
            "slug": _NO_ARTICLE,
            "is_live": True,
            "review_due_at": _DAY,
            "published_at": _DAY,
            "live_at": _DAY,
        },
        "revision": {"number": 1},
        "approval": {"by": {"public_name": "First Example"}, "at": _DAY, "interests": "None"},
        "authorships": [
            {"author": {"public_name": name}, "interests": interests}
            for name, interests in (("Second Example", ""), ("Third Example", INTERESTS_NOT_ASKED))
        ],
        "not_asked": INTERESTS_NOT_ASKED,
        "answers": Feedback.Answer.choices,
        "related": [another, another | {"lang": "es"}],
    }


def _library() -> LibrarySnapshot:
    """Return sources in each state, one term, one picture, and cards that are rated or not."""
    standings = {
        "current": Standing.CURRENT,
        "disputed": Standing.DISPUTED,
        "superseded": Standing.SUPERSEDED,
        "retracted": Standing.RETRACTED,
        # What a drawing shows cites these.
        "gu-2014": Standing.CURRENT,
        "deng-2017": Standing.CURRENT,
    }
    sources = {
        key: Source(
            key=key,
            authors="Example A, Example B",
            title=str(words.EXAMPLE_SOURCE),
            year=2026,
            design=StudyDesign.RANDOMISED,
            standing=standing,
            standing_by="" if standing is Standing.CURRENT else "current",
        )
        for key, standing in standings.items()
    }
    drawn = library_snapshot.Picture(
        name="example", width=96, height=96, srcsets={}, src=static("portal/favicon.svg")
    )
    return LibrarySnapshot(
        sources=sources,
        terms=(GlossaryEntry(slug="placebo", name="placebo", definition=str(words.EXAMPLE_TERM)),),
        pictures={drawn.name: drawn},
        ratings={
            1: Rating(level=Certainty.VERY_LOW, grounds=(Ground.NO_COMPARISON, Ground.FEW_PEOPLE)),
            2: Rating(level=Certainty.LOW, grounds=(Ground.STOPPED_EARLY,)),
            3: Rating(level=Certainty.HIGH),
            5: Rating(level=Certainty.MODERATE, grounds=(Ground.OTHER_PEOPLE,)),
        },
    )
