from django.urls import path

from inquiries.views import confirmation, inquiry_form, paper_form
from inquiries.views.private_page import data_pages, lost_link, page, quick_exit

app_name = "inquiries"

_REQUEST = "care-coordinator/request/"

#: Visible to one sender and nobody else: no cache stores it, and browsers keep no trace of it.
personal_urlpatterns = [
    path("care-coordinator/sent/", confirmation.show_confirmation, name="sent"),
    path(
        "care-coordinator/sent/open/",
        confirmation.open_from_confirmation,
        name="open_from_confirmation",
    ),
    # The private page of one request.
    path(_REQUEST, page.show_page, name="private"),
    path(f"{_REQUEST}prove/", page.prove, name="private_prove"),
    path(f"{_REQUEST}write/", page.write_message, name="private_write"),
    path(f"{_REQUEST}answered/", page.record_answered, name="private_answered"),
    path(f"{_REQUEST}helped/", page.record_helped, name="private_helped"),
    path(f"{_REQUEST}reach/", page.change_contact_details, name="private_reach"),
    path(f"{_REQUEST}address/", page.confirm_address, name="private_address"),
    path(f"{_REQUEST}withdraw/", page.withdraw, name="private_withdraw"),
    path(f"{_REQUEST}erase/", page.erase, name="private_erase"),
    path(f"{_REQUEST}download/", data_pages.download, name="private_download"),
    path(f"{_REQUEST}copy/", data_pages.show_copy, name="private_copy"),
    path(f"{_REQUEST}link/", page.make_link, name="private_link_new"),
    path(f"{_REQUEST}revoke/", page.revoke_links, name="private_revoke"),
    path(f"{_REQUEST}new-link/", lost_link.replace_link, name="private_lost"),
    path(f"{_REQUEST}leave/", quick_exit.quick_exit, name="private_leave"),
    path(f"{_REQUEST}erased/", quick_exit.show_ended, {"why": "erased"}, name="private_erased"),
    path(f"{_REQUEST}revoked/", quick_exit.show_ended, {"why": "revoked"}, name="private_revoked"),
    # Last: a token is longer than any of these words.
    path(f"{_REQUEST}<str:token>/", page.open_link, name="private_link"),
]
PERSONAL_ROUTES = frozenset(f"{app_name}:{each.name}" for each in personal_urlpatterns)

urlpatterns = [
    path("care-coordinator/", inquiry_form.coordinator, name="coordinator"),
    path("care-coordinator/paper/", paper_form.paper_form, name="paper"),
    path("care-coordinator/ask/", inquiry_form.submit_inquiry, name="ask"),
    *personal_urlpatterns,
]
