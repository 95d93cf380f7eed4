from django.urls import path

from inquiries.views import asking, confirmation, leaving, paper, private

app_name = "inquiries"

_REQUEST = "care-coordinator/request/"

urlpatterns = [
    path("care-coordinator/", asking.coordinator, name="coordinator"),
    path("care-coordinator/paper/", paper.paper, name="paper"),
    path("care-coordinator/ask/", asking.ask, name="ask"),
    path("care-coordinator/sent/", confirmation.sent, name="sent"),
    path(
        "care-coordinator/sent/open/",
        confirmation.open_from_confirmation,
        name="open_from_confirmation",
    ),
    # The private page of one request.
    path(_REQUEST, private.page, name="private"),
    path(f"{_REQUEST}prove/", private.prove, name="private_prove"),
    path(f"{_REQUEST}write/", private.write, name="private_write"),
    path(f"{_REQUEST}answered/", private.answered, name="private_answered"),
    path(f"{_REQUEST}reach/", private.reach, name="private_reach"),
    path(f"{_REQUEST}address/", private.address, name="private_address"),
    path(f"{_REQUEST}withdraw/", private.withdraw, name="private_withdraw"),
    path(f"{_REQUEST}erase/", private.erase, name="private_erase"),
    path(f"{_REQUEST}download/", private.download, name="private_download"),
    path(f"{_REQUEST}link/", private.new_link, name="private_link_new"),
    path(f"{_REQUEST}revoke/", private.revoke, name="private_revoke"),
    path(f"{_REQUEST}leave/", leaving.leave, name="private_leave"),
    path(f"{_REQUEST}erased/", leaving.over, {"why": "erased"}, name="private_erased"),
    path(f"{_REQUEST}revoked/", leaving.over, {"why": "revoked"}, name="private_revoked"),
    # Last: a token is longer than any of these words.
    path(f"{_REQUEST}<str:token>/", private.open_link, name="private_link"),
]
