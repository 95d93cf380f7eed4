"""The page where senders who have lost their private link can ask for another without calling."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from inquiries.forms.private_page import LostLinkForm
from inquiries.private_page.lost_link import ask_for_link
from inquiries.views.private_page.access import (
    add_request_errors,
    post_data,
    private_page_view,
    render_page,
)


@private_page_view()
def replace_link(request: HttpRequest) -> HttpResponse:
    """Give everyone the same answer: whether there is such a request is nobody else's business."""
    form = add_request_errors(LostLinkForm(post_data(request)))
    if form.is_valid():
        ask_for_link(reference=form.cleaned_data["reference"], address=form.cleaned_data["email"])
        return redirect(f"{reverse('inquiries:private_lost')}?asked")
    is_asked = "asked" in request.GET and not form.is_bound
    status = 422 if form.errors else 200
    return render_page(request, "lost_link", {"form": form, "is_asked": is_asked}, status)
