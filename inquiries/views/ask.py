"""What patients and families see when they ask for a Care Coordinator."""

from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article
from articles.text_cleaning import clean_code
from inquiries.circuit_breaker import DATABASE_BREAKER
from inquiries.deadlines.service_levels import answer_due_if_sent_now
from inquiries.forms import AskForm
from inquiries.forms.ask import new_key
from inquiries.intake import front_desk, spam_signals
from inquiries.reference import reference_for
from inquiries.states import SpamSignal
from inquiries.submission import Sender, Submission
from inquiries.views import confirmation
from inquiries.views.cookies import LEFT
from inquiries.views.private_page import visits

#: The browser that filled in the form may keep it, with its key, for its Back button; nobody else
#: may, and it may not after somebody has left in a hurry.
FOR_THE_BACK_BUTTON = "private, no-cache"


@login_not_required
@require_safe
@cache_control(public=True, max_age=60)
def coordinator(request: HttpRequest) -> HttpResponse:
    return render(request, "inquiries/coordinator.html", {"answer_by": answer_due_if_sent_now()})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        article = _article(request.GET.get("article", ""))
        number = request.GET.get("revision", "")[:9]
        form = AskForm(initial={"article": article.slug, "revision": number} if article else None)
        has_left = bool(LEFT.value(request))
        response = _ask_page(request, form, article, is_for_back=not has_left)
        response["Cache-Control"] = "private, no-store" if has_left else FOR_THE_BACK_BUTTON
        return response
    form = AskForm(request.POST)
    if not form.is_valid():
        return ask_again(request, form)
    cleaned, submission = form.cleaned_data, form.submission()
    try:
        taken = front_desk.accept_submission(
            submission,
            key=cleaned["idempotency_key"],
            sender=_sender(request, cleaned["idempotency_key"]),
            article=cleaned["article"],
            revision=cleaned["revision"],
            topic=cleaned["topic"],
            signs=_signs(request, form, submission),
        )
    except front_desk.NotAccepted:
        return _not_taken(request, form)
    response = redirect("inquiries:sent")
    confirmation.remember(request, response, taken, submission)
    if LEFT.value(request):
        LEFT.forget(request, response)
    return response


def _sender(request: HttpRequest, key: str) -> Sender:
    """What the browser shows of who sends: the confirmation of this form, its private page."""
    told, visit = confirmation.told(request), visits.of(request)
    is_of_form = told is not None and told["reference"] == reference_for(key)
    page = (visit.inquiry_id, visit.link_id, visit.began) if visit and visit.is_proven else None
    return Sender(shown=told["ticket"] if told and is_of_form else "", page=page)


def _not_taken(request: HttpRequest, form: AskForm) -> HttpResponse:
    """Nothing could keep it: she has her words, and a phone number (503)."""
    response = render(
        request, "inquiries/ask/page.html", {"form": form, "not_taken": True}, status=503
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _signs(request: HttpRequest, form: AskForm, submission: Submission) -> set[SpamSignal]:
    """What speaks for a machine; the floods were counted by portal.limits on the way in."""
    cleaned = form.cleaned_data
    key = cleaned["idempotency_key"]
    found = spam_signals.detect_signals(submission, key=key, opened_at=form.opened_at)
    if cleaned["website"]:
        found.add(SpamSignal.TRAP)
    return found | getattr(request, "flood_signs", set())


def ask_again(request: HttpRequest, form: AskForm) -> HttpResponse:
    """The form with all that was typed, and what is wrong with it (422)."""
    response = _ask_page(request, form, _article(form["article"].value() or ""))
    response.status_code = 422
    response["Cache-Control"] = "private, no-store"
    return response


def csrf_failure(request: HttpRequest) -> HttpResponse:
    """The form could not prove that it is ours: cookies are blocked, or the page stood open long.

    Nothing is stored, nothing is lost: she sends once more, or calls.
    """
    typed = request.POST.copy()
    # A form from elsewhere may bring a key that somebody else knows.
    typed["idempotency_key"] = new_key()
    form = AskForm(typed)
    form.add_error(
        None,
        "We could not check that this form came from our page, so it has not been sent yet. "
        "Please press “Send my request” once more. If this message comes back, your browser may "
        "block cookies: allow them for this site, or use another browser or the phone.",
    )
    return ask_again(request, form)


def _article(slug: str) -> Article | None:
    slug = clean_code(slug)  # PostgreSQL refuses to look for a NUL character
    if not slug or DATABASE_BREAKER.is_open:
        return None
    try:
        return Article.objects.published().filter(slug=slug).only("title", "slug").first()
    except Error:  # the form needs none
        return None


def _ask_page(
    request: HttpRequest, form: AskForm, article: Article | None, *, is_for_back: bool = True
) -> HttpResponse:
    """`is_for_back`: whether a browser may fill it in as it was, for its Back button."""
    form.is_for_back = is_for_back
    return render(request, "inquiries/ask/page.html", {"form": form, "article": article})
