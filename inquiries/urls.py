from django.urls import path

from inquiries.views import ask, confirmation, paper
from inquiries.views.private_page import leaving, page

app_name = "inquiries"

_REQUEST = "care-coordinator/request/"

urlpatterns = [
    path("care-coordinator/", ask.coordinator, name="coordinator"),
    path("care-coordinator/paper/", paper.paper, name="paper"),
    path("care-coordinator/ask/", ask.ask, name="ask"),
    path("care-coordinator/sent/", confirmation.sent, name="sent"),
    path(
        "care-coordinator/sent/open/",
        confirmation.open_from_confirmation,
        name="open_from_confirmation",
    ),
    # The private page of one request.
    path(_REQUEST, page.page, name="private"),
    path(f"{_REQUEST}prove/", page.prove, name="private_prove"),
    path(f"{_REQUEST}write/", page.write, name="private_write"),
    path(f"{_REQUEST}answered/", page.answered, name="private_answered"),
    path(f"{_REQUEST}reach/", page.reach, name="private_reach"),
    path(f"{_REQUEST}address/", page.address, name="private_address"),
    path(f"{_REQUEST}withdraw/", page.withdraw, name="private_withdraw"),
    path(f"{_REQUEST}erase/", page.erase, name="private_erase"),
    path(f"{_REQUEST}download/", page.download, name="private_download"),
    path(f"{_REQUEST}link/", page.new_link, name="private_link_new"),
    path(f"{_REQUEST}revoke/", page.revoke, name="private_revoke"),
    path(f"{_REQUEST}leave/", leaving.leave, name="private_leave"),
    path(f"{_REQUEST}erased/", leaving.over, {"why": "erased"}, name="private_erased"),
    path(f"{_REQUEST}revoked/", leaving.over, {"why": "revoked"}, name="private_revoked"),
    # Last: a token is longer than any of these words.
    path(f"{_REQUEST}<str:token>/", page.open_link, name="private_link"),
]
