"""Everything we hold about one request: as a file to download, and as a page to read and print."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from inquiries.models import Inquiry
from inquiries.views.private_page import words
from inquiries.views.private_page.access import proven_visit_required, render_page
from inquiries.views.private_page.data_copy import build_copy
from inquiries.views.private_page.data_export import export_inquiry


@proven_visit_required("GET", "HEAD")
def download(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    # Plain UTF-8 without escapes, because people read the file, too.
    as_text = {"indent": 2, "ensure_ascii": False}
    response = JsonResponse(export_inquiry(inquiry), json_dumps_params=as_text)
    # No reference in the name: others may see the downloads folder.
    response["Content-Disposition"] = f'attachment; filename="{words.FILE_NAME}"'
    return response


@proven_visit_required("GET", "HEAD")
def show_copy(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    """Show the content of `download`, to read and print."""
    return render_page(request, "data_copy", {"copy": build_copy(inquiry)})
