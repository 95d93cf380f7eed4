"""Preview of one revision before it is live, and what an expert with its link writes about it."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import get_template
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from articles.editing import previews
from articles.models import LivePage, PreviewLink, Revision
from articles.reading import pages
from articles.states import StepRefused
from articles.views.articles import article_context, review_context
from articles.views.feedback import is_cross_site

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from articles.editing.places import Place
    from articles.forms.passage_comment import ExpertCommentForm, PassageCommentForm


def preview_context(revision: Revision) -> dict[str, Any]:
    """Return the context for a revision's page as readers would see it; for staff or a link."""
    context = {
        **review_context(revision.approvals.select_related("by", "carried_from__by").last()),
        "authorships": revision.authorships.select_related("author"),
        "preview": True,
    }
    return article_context(revision.article, revision, pages.build_preview(revision)) | context


@login_not_required
@require_safe
@never_cache
def preview(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a revision to anyone with its preview link. 404 once the link expired or was ended."""
    link = _get_link(secret)
    from articles.forms.passage_comment import ExpertCommentForm  # few have such a link

    place = request.GET.get("at", "")
    number = link.revision.number
    form = ExpertCommentForm(initial={"place": place, "revision": number}) if place else None
    return _render_shared(request, link, secret, form)


@csrf_exempt  # A token needs a cookie; who would forge this has to know the secret.
@login_not_required
@require_POST
@never_cache
def comment(request: HttpRequest, secret: str) -> HttpResponse:
    """Keep what an expert says about a passage. Rate limit: portal/http/limits.py."""
    if is_cross_site(request, unless_told=True):
        raise PermissionDenied
    link = _get_link(secret)
    from articles.editing import comments  # as above
    from articles.forms.passage_comment import ExpertCommentForm

    form = ExpertCommentForm(request.POST)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("place", "name", "text", "quote")}
        try:
            comments.open_thread_as_expert(link, **said)
        except StepRefused as refusal:
            form.add_error(None, list(refusal.reasons))
        else:
            return _unshared(redirect(f"{reverse('articles:preview', args=[secret])}?sent"))
    return _render_shared(request, link, secret, form)


def passage_context(
    page: LivePage,
    places: "Sequence[Place]",
    draw: "Callable[[Place], str]",
    *,
    form: "PassageCommentForm | None",
    chosen: str,
) -> dict[str, Any]:
    """Return the context for controls at each passage; `chosen` is the passage of the form."""
    from articles.editing.places import put_controls  # as above

    is_lost = form and form.errors and all(each.key != chosen for each in places)
    return {
        "live_page": put_controls(page, places, draw),
        "drawn": {each.part: draw(each) for each in places if each.is_plain},
        "form": form,
        "is_form_lost": bool(is_lost),
    }


def _get_link(secret: str) -> PreviewLink:
    link = previews.find_link(secret)
    if link is None:
        raise Http404("There is no preview at this address, or it has expired.")
    return link


def _render_shared(
    request: HttpRequest, link: PreviewLink, secret: str, form: "ExpertCommentForm | None"
) -> HttpResponse:
    from articles.editing.places import read_places  # as above

    context = preview_context(link.revision)
    places = read_places(link.revision, context["live_page"])
    chosen = str(form["place"].value()) if form else ""
    shown = {"secret": secret, "lang": context["lang"]}
    template = get_template("articles/article/_shared_passage.html")

    def draw(place: "Place") -> str:
        own = form if place.key == chosen else None
        return template.render(shown | {"place": place, "form": own})

    context |= shown | {
        "is_shared": True,
        **passage_context(context["live_page"], places, draw, form=form, chosen=chosen),
        "is_sent": "sent" in request.GET,
    }
    is_wrong = bool(form and form.errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    return _unshared(render(request, "articles/article/shared.html", context, status=status))


def _unshared(response: HttpResponse) -> HttpResponse:
    """Keep the secret from other sites and from search engines."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
