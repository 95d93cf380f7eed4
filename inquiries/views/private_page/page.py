"""The private page of one request: what its sender sees there, and what she can do."""

import math
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from inquiries import private_links, submission_history
from inquiries.contact_details import email_typos
from inquiries.forms import private_page as forms
from inquiries.intake import reception
from inquiries.models import Inquiry
from inquiries.private_page import correspondence
from inquiries.states import Outcome, Proof, State
from inquiries.views import emergency_card
from inquiries.views.private_page import leaving, visits
from inquiries.views.private_page.door import (
    as_sent,
    closed,
    door,
    hers,
    other,
    personal,
    post,
    proof_form,
    show,
    typed,
)
from inquiries.views.private_page.download import copy_of
from inquiries.views.private_page.history import Story
from inquiries.views.private_page.visits import admit

__all__ = ["admit"]

#: Said at the top of the page after a step, by the word that the address carries.
DONE = {
    "written": "We have your message. A Care Coordinator will read it.",
    "saved": "Thank you. We will reach you as you said.",
    "address": "Thank you. We know now that your email address is right.",
    "withdrawn": "We have withdrawn your request. We will not contact you about it.",
    "yes": "Thank you for telling us.",
    "no": "Thank you for telling us. We will try again. Please write below what is missing.",
}
#: Ends after which she is asked whether we answered her.
_TRIED_AT_LEAST = {Outcome.ANSWERED, Outcome.REFERRED, Outcome.UNREACHABLE}
_DAYS_OF_A_YEAR = 365
_NOT_KNOWN = "This does not open it. Check what you entered, or call us"


def csrf_failure(request: HttpRequest) -> HttpResponse:
    """Cookies are blocked, or the page stood open long: nothing is done, and nothing lost."""
    match = request.resolver_match
    assert match  # noqa: S101 - a check fails on a page that was found
    request.is_unchecked = True  # type: ignore[attr-defined]
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response


# --- In and out -----------------------------------------------------------------------------------


@personal("GET", "HEAD")
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Nothing is shown here, so that the token leaves the address bar."""
    link = private_links.find_link(token)
    if link is None:
        return closed(request, "link")
    response = redirect("inquiries:private")
    visit = visits.of(request)
    is_in = visit and visit.is_proven and visit.inquiry_id == str(link.inquiry_id)
    if not (visit and is_in and visit.inquiry()):
        visits.keep(request, response, visits.begun_by(link))
    return response


@personal()
def prove(request: HttpRequest) -> HttpResponse:
    visit = visits.of(request)
    inquiry = visit.inquiry() if visit else None
    if visit is None or inquiry is None:
        return closed(request, "no visit")
    if request.method != "POST":
        return redirect("inquiries:private")
    if not visits.is_of_its_page(request, visit):
        return other(request)
    return _let_in(request, visit, inquiry)


def _let_in(request: HttpRequest, visit: visits.Visit, inquiry: Inquiry) -> HttpResponse:
    form = as_sent(request, proof_form(inquiry, request.POST))
    if not form.is_valid():
        return door(request, inquiry, form, 422)
    is_flood = bool(getattr(request, "flood_signs", ()))
    wait = visits.seconds_to_wait(request, inquiry, is_flood=is_flood)
    if wait:
        return _too_often(request, wait)
    if not visits.knows(request, inquiry, form.cleaned_data["detail"]):
        form.add_error("detail", _NOT_KNOWN)
        return door(request, inquiry, form, 422)
    text = form.cleaned_data.get("text")
    response = _page(request, inquiry, brought=text) if text else redirect("inquiries:private")
    visits.keep(request, response, visits.proven(visit))
    visits.make_known(request, response, inquiry)
    return response


def _too_often(request: HttpRequest, wait: int) -> HttpResponse:
    minutes = -(-wait // 60)
    said = {"minutes": minutes, "hours": -(-minutes // 60), "typed": typed(request)}
    response = show(request, "too_often", said, status=429)
    response["Retry-After"] = str(wait)
    return response


# --- The page -------------------------------------------------------------------------------------


@hers("GET", "HEAD")
def page(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    return _page(request, inquiry)


def _page(
    request: HttpRequest,
    inquiry: Inquiry,
    *,
    form: forms.PrivateForm | None = None,
    brought: str = "",
) -> HttpResponse:
    """With a form that has errors (422), or with a message that she wrote before she was in."""
    is_message = isinstance(form, forms.MessageForm)
    story = Story(inquiry)
    is_urgent = inquiry.urgent and inquiry.is_open
    said = {
        "inquiry": inquiry,
        "story": story,
        "email_hint": _doubt(story.sending),
        **_detail(inquiry, story.sending),
        "is_urgent": is_urgent,
        "card_in": emergency_card.card_in(story.languages) if is_urgent else [],
        "asks_if_answered": (inquiry.answered_at or inquiry.outcome in _TRIED_AT_LEAST)
        and inquiry.outcome != Outcome.WITHDRAWN,
        "is_late": inquiry.due_at < timezone.now(),
        "is_quarantined": inquiry.state == State.QUARANTINED,
        "form": form if is_message else forms.MessageForm(initial={"text": brought}),
        "problem": form,
        "brought": brought,
        "done": DONE.get(request.GET.get("done", ""), ""),
    }
    return show(request, "page", said, 422 if form else 200)


def _detail(inquiry: Inquiry, sending: Inquiry) -> dict[str, Any]:
    """What the door of this page asks for."""
    asks_for_digits = private_links.asks_for_digits(sending)
    return {
        "asks_for_digits": asks_for_digits,
        "page_code": "" if asks_for_digits else inquiry.page_code,
    }


def _doubt(sending: Inquiry) -> tuple[str, str] | None:
    """What looks mistyped in the address, as long as the sender has not answered that."""
    return (
        email_typos.suggest_domain(sending.email)
        if private_links.is_address_doubted(sending)
        else None
    )


def _done(word: str) -> HttpResponse:
    return redirect(f"{reverse('inquiries:private')}?done={word}")


@hers("GET", "HEAD")
def download(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    response = JsonResponse(copy_of(inquiry), json_dumps_params={"indent": 2})
    # No reference in it: others may look over a folder of downloads.
    response["Content-Disposition"] = 'attachment; filename="my-request.json"'
    return response


# --- What she can do ------------------------------------------------------------------------------


@hers()
def write(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    if request.method != "POST":
        return redirect("inquiries:private")
    form = as_sent(request, forms.MessageForm(request.POST), adds_to=inquiry)
    if not form.is_valid():
        return _page(request, inquiry, form=form)
    visit = visits.of(request)
    gave_detail = visit is not None and visit.link_id is not None
    correspondence.write_message(inquiry, text=form.cleaned_data["text"], gave_detail=gave_detail)
    return _done("written")


@hers()
def answered(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    if request.method != "POST":
        return redirect("inquiries:private")
    form = as_sent(request, forms.AnsweredForm(request.POST), adds_to=inquiry)
    if not form.is_valid():
        return _page(request, inquiry, form=form)
    word = form.cleaned_data["answered"]
    correspondence.say_whether_answered(inquiry, answered=word == "yes")
    return _done(word)


@hers()
def reach(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    before = submission_history.current_submission(inquiry)
    form = forms.ReachForm(post(request), before=before)
    if not as_sent(request, form, adds_to=inquiry).is_valid():
        return _step(request, "reach", form)
    visit = visits.of(request)
    keep = visit.link() if visit else None  # or with the old address the sender's link would end
    reception.correct_inquiry(inquiry, form.submission(), proven=Proof.PRIVATE_PAGE, keep_link=keep)
    return _done("saved")


@hers()
def address(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    """The address is right, though it looks mistyped to us."""
    if request.method != "POST":
        return redirect("inquiries:private")
    form = as_sent(request, forms.AddressForm(request.POST), adds_to=inquiry)
    if not form.is_valid():
        return _page(request, inquiry, form=form)
    reception.confirm_email(inquiry, proven=Proof.PRIVATE_PAGE)
    return _done("address")


@hers()
def withdraw(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    form = forms.WithdrawForm(post(request))
    if not as_sent(request, form).is_valid():
        kept_years = math.ceil(settings.RETENTION_DAYS[Outcome.WITHDRAWN] / _DAYS_OF_A_YEAR)
        return _step(request, "withdraw", form, kept_years=kept_years)
    correspondence.withdraw_inquiry(inquiry)
    return _done("withdrawn")


@hers()
def erase(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    form = forms.EraseForm(post(request))
    if not as_sent(request, form).is_valid():
        return _step(request, "erase", form)
    correspondence.erase_by_sender(inquiry)
    return leaving.out(request, "inquiries:private_erased")


@hers()
def new_link(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    """Shown once, in the answer itself: in an address or a cookie it would stay."""
    form = forms.LinkForm(post(request))
    if not as_sent(request, form, adds_to=inquiry).is_valid():
        return _step(request, "link", form)
    address = reverse("inquiries:private_link", args=[private_links.create_link(inquiry)])
    said = {
        "address": request.build_absolute_uri(address),
        "days": private_links.LIFETIME.days,
        **_detail(inquiry, submission_history.current_sending(inquiry)),
    }
    return show(request, "link_made", said)


@hers()
def revoke(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    form = forms.RevokeForm(post(request))
    if not as_sent(request, form).is_valid():
        return _step(request, "revoke", form)
    private_links.revoke_links(inquiry)
    return leaving.out(request, "inquiries:private_revoked")


def _step(request: HttpRequest, name: str, form: forms.PrivateForm, **said: Any) -> HttpResponse:
    """A page of its own, with a word before what she is about to do."""
    return show(request, name, {"form": form, **said}, 422 if form.errors else 200)
