"""All that we hold about one request, to take away: as a file, and to read and print."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from inquiries.models import Inquiry
from inquiries.views.private_page import words
from inquiries.views.private_page.access import proven_visit_required, render_page
from inquiries.views.private_page.data_copy import build_copy
from inquiries.views.private_page.data_export import export_inquiry


@proven_visit_required("GET", "HEAD")
def download(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    # As UTF-8, and not in escapes: people open it to read it, too.
    as_text = {"indent": 2, "ensure_ascii": False}
    response = JsonResponse(export_inquiry(inquiry), json_dumps_params=as_text)
    # No reference in it: others may look over a folder of downloads.
    response["Content-Disposition"] = f'attachment; filename="{words.FILE_NAME}"'
    return response


@proven_visit_required("GET", "HEAD")
def show_copy(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    """What `download` holds, to read and print."""
    return render_page(request, "data_copy", {"copy": build_copy(inquiry)})
