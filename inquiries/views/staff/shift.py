"""Going home: offering one's requests to colleagues, and answering what they offer.

The words with an offer are read on the page of the request, where reading is recorded.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from articles.staff_pages import current_user
from inquiries.forms.shift import ShiftForm
from inquiries.ledger.transitions import StepRefused
from inquiries.models import Inquiry, Offer
from inquiries.team import permissions
from inquiries.triage import offers
from inquiries.views.staff import words
from inquiries.views.staff.layout import render_page, staff_page

#: The most requests that one page offers; the rest follow with the next.
_MOST = 50
_ANSWERS: dict[str, Callable[..., object]] = {
    "accept": offers.accept_offer,
    "decline": offers.decline_offer,
    "withdraw": offers.withdraw_offer,
}


@staff_page(permissions.TRIAGE)
def show_shift(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and "answer" in request.POST:
        return _answer(request)
    by = current_user(request)
    rows = _rows(by)
    if request.method != "POST":
        return _render(request, ShiftForm(rows=rows, by=by))
    form = ShiftForm(request.POST, rows=rows, by=by)
    if not form.is_valid():
        return _render(request, form)
    return _offer(request, form)


def _rows(by: Any) -> list[Inquiry]:
    """Their requests that are offered to nobody yet."""
    offered = Offer.objects.live().filter(offered_by=by).values("inquiry")
    return list(Inquiry.objects.claimed_by(by).for_queue().exclude(pk__in=offered)[:_MOST])


def _offer(request: HttpRequest, form: ShiftForm) -> HttpResponse:
    """Offer each; what was refused is named, and its words stay on the page."""
    by, done, refused = current_user(request), 0, False
    for each in form.asked():
        try:
            offers.offer_request(
                each.inquiry,
                to=each.to,
                word=each.word,
                answer_by=form.cleaned_data["answer_by"],
                version=each.version,
                by=by,
            )
        except StepRefused as refusal:
            refused = True
            said = {"reference": each.inquiry.reference, "why": refusal}
            messages.error(request, words.REFUSED % said)
        else:
            done += 1
    if done:
        messages.success(request, words.OFFERED % {"count": done})
    if refused:
        return _render(request, ShiftForm(request.POST, rows=_rows(by), by=by), status=409)
    return redirect("admin:inquiries_shift")


def _answer(request: HttpRequest) -> HttpResponse:
    answer, _colon, key = request.POST["answer"].partition(":")
    offer = Offer.objects.select_related("inquiry").filter(pk=key if key.isdecimal() else 0).first()
    verb = _ANSWERS.get(answer)
    if offer and verb:
        said = {"reference": offer.inquiry.reference}
        try:
            verb(offer, by=current_user(request))
        except StepRefused as refusal:
            messages.error(request, words.REFUSED % {**said, "why": refusal})
        else:
            messages.success(request, words.OFFER_ANSWERED[answer] % said)
    return redirect("admin:inquiries_shift")


def _render(request: HttpRequest, form: ShiftForm, *, status: int = 0) -> HttpResponse:
    by = current_user(request)
    live = Offer.objects.live().for_page()
    return render_page(
        request,
        "team/shift",
        words.SHIFT,
        status=status or (422 if form.errors else 200),
        form=form,
        got=list(live.filter(offered_to=by)[:_MOST]),
        made=list(live.filter(offered_by=by)[:_MOST]),
    )
