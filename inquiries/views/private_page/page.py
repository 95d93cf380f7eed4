"""The private page of one request: what its sender sees there, and can do."""

import math
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from inquiries import private_links, submission_history
from inquiries.contact_details import email_typos
from inquiries.forms import private_page as forms
from inquiries.intake import corrections
from inquiries.intake.arrival import Correction
from inquiries.models import Inquiry
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.states import Proof, SpamSignal, State
from inquiries.views import emergency_card
from inquiries.views.private_page import quick_exit, visits, words
from inquiries.views.private_page.access import (
    add_request_errors,
    build_proof_form,
    collect_typed_text,
    post_data,
    private_page_view,
    proven_visit_required,
    render_closed,
    render_other_request,
    render_page,
    render_proof_form,
    unchecked_form,
)
from inquiries.views.private_page.history import History

_DAYS_OF_A_YEAR = 365


def csrf_failure(request: HttpRequest) -> HttpResponse:
    """Handle blocked cookies or a page left open too long: nothing is done, and nothing is lost."""
    match = request.resolver_match
    assert match  # noqa: S101 - a check fails on a page that was found
    with unchecked_form():
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response


# --- In and out -----------------------------------------------------------------------------------


@private_page_view("GET", "HEAD")
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Redirect without showing anything, so that the token leaves the address bar."""
    link = private_links.find_link(token)
    if link is None:
        return render_closed(request, "link")
    response = redirect("inquiries:private")
    visit = visits.current_visit(request)
    is_in = visit and visit.is_proven and visit.inquiry_id == str(link.inquiry_id)
    if not (visit and is_in and visit.inquiry()):
        visits.save_visit(request, response, visits.start_visit(link))
    return response


@private_page_view()
def prove(request: HttpRequest, flood_signs: frozenset[SpamSignal] = frozenset()) -> HttpResponse:
    """Check the detail that they typed. `flood_signs`: what `portal.http.limits` counted."""
    visit = visits.current_visit(request)
    inquiry = visit.inquiry() if visit else None
    if visit is None or inquiry is None:
        return render_closed(request, "no visit")
    if request.method != "POST":
        return redirect("inquiries:private")
    if not visits.has_page_token(request, visit):
        return render_other_request(request)
    return _check_proof(request, visit, inquiry, is_flood=bool(flood_signs))


def _check_proof(
    request: HttpRequest, visit: visits.Visit, inquiry: Inquiry, *, is_flood: bool
) -> HttpResponse:
    form = add_request_errors(build_proof_form(inquiry, request.POST))
    if not form.is_valid():
        return render_proof_form(request, inquiry, form, 422)
    wait = visits.count_try(request, inquiry, is_flood=is_flood)
    if wait:
        return _render_too_many_tries(request, wait)
    if not visits.check_detail(request, inquiry, form.cleaned_data["detail"]):
        form.add_error("detail", words.WRONG_DETAIL)
        return render_proof_form(request, inquiry, form, 422)
    text = form.cleaned_data.get("text")
    response = (
        _render_private_page(request, inquiry, carried_text=text)
        if text
        else redirect("inquiries:private")
    )
    visits.save_visit(request, response, visits.mark_proven(visit))
    visits.remember_browser(request, response, inquiry)
    return response


def _render_too_many_tries(request: HttpRequest, wait: int) -> HttpResponse:
    minutes = -(-wait // 60)
    said = {"minutes": minutes, "hours": -(-minutes // 60), "typed": collect_typed_text(request)}
    response = render_page(request, "too_many_tries", said, status=429)
    response["Retry-After"] = str(wait)
    return response


# --- The page -------------------------------------------------------------------------------------


@proven_visit_required("GET", "HEAD")
def show_page(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    return _render_private_page(request, inquiry)


def _render_private_page(
    request: HttpRequest,
    inquiry: Inquiry,
    *,
    form: forms.PrivatePageForm | None = None,
    carried_text: str = "",
) -> HttpResponse:
    """Render the page, with an invalid form (422) or a message written before it was opened."""
    is_message = isinstance(form, forms.MessageForm)
    history = History(inquiry)
    is_urgent = inquiry.urgent and inquiry.is_open
    end = Outcome(inquiry.outcome).end if inquiry.outcome else None
    said = {
        "inquiry": inquiry,
        "history": history,
        "email_hint": _find_email_typo(history.sending),
        **_detail_context(inquiry, history.sending),
        "is_urgent": is_urgent,
        "card_languages": emergency_card.list_card_languages(history.languages)
        if is_urgent
        else [],
        # Not “end”, which partials print after what they show.
        "outcome_end": end,
        "asks_if_answered": (inquiry.answered_at or (end and not end.is_void))
        and inquiry.outcome != Outcome.WITHDRAWN,
        "asks_if_helped": correspondence.asks_if_helped(inquiry),
        "helped_form": form if isinstance(form, forms.HelpedForm) else forms.HelpedForm(),
        "is_late": inquiry.due_at < timezone.now(),
        "is_quarantined": inquiry.state == State.QUARANTINED,
        "form": form if is_message else forms.MessageForm(initial={"text": carried_text}),
        "invalid_form": form,
        "carried_text": carried_text,
        "done_message": words.DONE_MESSAGES.get(request.GET.get("done", ""), ""),
    }
    return render_page(request, "page", said, 422 if form else 200)


def _detail_context(inquiry: Inquiry, sending: Inquiry) -> dict[str, Any]:
    """Return what visitors have to prove before this page opens."""
    asks_for_digits = private_links.asks_for_digits(sending)
    return {
        "asks_for_digits": asks_for_digits,
        "page_code": "" if asks_for_digits else inquiry.page_code,
    }


def _find_email_typo(sending: Inquiry) -> tuple[str, str] | None:
    """Return what looks mistyped in the address, until the sender has confirmed it."""
    return (
        email_typos.suggest_domain(sending.email)
        if private_links.is_address_doubted(sending)
        else None
    )


def _redirect_done(word: str) -> HttpResponse:
    return redirect(f"{reverse('inquiries:private')}?done={word}")


# --- What the sender can do -----------------------------------------------------------------------


@proven_visit_required()
def write_message(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    if request.method != "POST":
        return redirect("inquiries:private")
    form = add_request_errors(forms.MessageForm(request.POST), adds_to=inquiry)
    if not form.is_valid():
        return _render_private_page(request, inquiry, form=form)
    visit = visits.current_visit(request)
    link = visit.link() if visit else None
    # Only a mailed link counts: a bot can create a link itself, and it knows the detail it wrote.
    gave_detail = link is not None and link.mailed
    correspondence.write_message(inquiry, text=form.cleaned_data["text"], gave_detail=gave_detail)
    return _redirect_done("written")


@proven_visit_required()
def record_answered(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    if request.method != "POST":
        return redirect("inquiries:private")
    form = add_request_errors(forms.AnsweredForm(request.POST), adds_to=inquiry)
    if not form.is_valid():
        return _render_private_page(request, inquiry, form=form)
    word = form.cleaned_data["answered"]
    correspondence.say_whether_answered(inquiry, answered=word == "yes")
    return _redirect_done(word)


@proven_visit_required()
def record_helped(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    if request.method != "POST":
        return redirect("inquiries:private")
    form = add_request_errors(forms.HelpedForm(request.POST), adds_to=inquiry)
    if not form.is_valid():
        return _render_private_page(request, inquiry, form=form)
    said = form.cleaned_data
    correspondence.say_whether_helped(inquiry, helped=said["helped"], text=said["comment"])
    return _redirect_done("helped")


@proven_visit_required()
def change_contact_details(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    before = submission_history.current_submission(inquiry)
    form = forms.ChangeContactForm(post_data(request), before=before)
    if not add_request_errors(form, adds_to=inquiry).is_valid():
        return _render_step(request, "change_contact", form)
    visit = visits.current_visit(request)
    keep = visit.link() if visit else None  # else the change of address would end the sender's link
    corrections.correct_inquiry(
        inquiry, form.submission(), Correction(proven=Proof.PRIVATE_PAGE, keep_link=keep)
    )
    return _redirect_done("saved")


@proven_visit_required()
def confirm_address(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    """The sender says that the address is right, although it looks mistyped."""
    if request.method != "POST":
        return redirect("inquiries:private")
    form = add_request_errors(forms.ConfirmAddressForm(request.POST), adds_to=inquiry)
    if not form.is_valid():
        return _render_private_page(request, inquiry, form=form)
    corrections.confirm_email(inquiry, proven=Proof.PRIVATE_PAGE)
    return _redirect_done("address")


@proven_visit_required()
def withdraw(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    form = forms.WithdrawForm(post_data(request))
    if not add_request_errors(form).is_valid():
        kept_years = math.ceil(settings.RETENTION_DAYS[Outcome.WITHDRAWN] / _DAYS_OF_A_YEAR)
        return _render_step(request, "withdraw", form, kept_years=kept_years)
    correspondence.withdraw_inquiry(inquiry)
    return _redirect_done("withdrawn")


@proven_visit_required()
def erase(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    form = forms.EraseForm(post_data(request))
    if not add_request_errors(form).is_valid():
        return _render_step(request, "erase", form)
    correspondence.erase_by_sender(inquiry)
    return quick_exit.end_visit_and_redirect(request, "inquiries:private_erased")


@proven_visit_required()
def make_link(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    """Show it once, in the response itself: it would linger in an address or a cookie."""
    form = forms.MakeLinkForm(post_data(request))
    if not add_request_errors(form, adds_to=inquiry).is_valid():
        return _render_step(request, "make_link", form)
    address = reverse("inquiries:private_link", args=[private_links.create_link(inquiry)])
    said = {
        "address": request.build_absolute_uri(address),
        "days": private_links.LIFETIME.days,
        **_detail_context(inquiry, submission_history.current_sending(inquiry)),
    }
    return render_page(request, "link_created", said)


@proven_visit_required()
def revoke_links(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    form = forms.RevokeLinksForm(post_data(request))
    if not add_request_errors(form).is_valid():
        return _render_step(request, "revoke_links", form)
    private_links.revoke_links(inquiry)
    return quick_exit.end_visit_and_redirect(request, "inquiries:private_revoked")


def _render_step(
    request: HttpRequest, name: str, form: forms.PrivatePageForm, **said: Any
) -> HttpResponse:
    """Render a page of its own that explains what the sender is about to do."""
    return render_page(request, name, {"form": form, **said}, 422 if form.errors else 200)
