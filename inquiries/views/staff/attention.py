"""What needs someone now, for pages that stay open and ask every minute."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from articles.staff_pages import current_user
from inquiries.team import permissions
from inquiries.triage.attention import find_attention
from inquiries.views.staff.layout import staff_page


@staff_page(permissions.TRIAGE)
def show_attention(request: HttpRequest) -> HttpResponse:
    found = find_attention(current_user(request))
    return JsonResponse({"count": found.count, "urgent": found.urgent_mark})
