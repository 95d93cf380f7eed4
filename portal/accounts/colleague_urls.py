"""The leads' pages of accounts, below /admin/ and behind its check of who is staff."""

from django.contrib import admin
from django.urls import path

from portal.accounts import colleague_pages as pages

_ONE = "<uuid:pk>/"

urlpatterns = [
    path("", admin.site.admin_view(pages.list_accounts), name="staff_accounts"),
    path("add/", admin.site.admin_view(pages.add_account), name="staff_account_add"),
    path(_ONE, admin.site.admin_view(pages.show_account), name="staff_account"),
    path(
        f"{_ONE}<slug:act>/", admin.site.admin_view(pages.act_on_account), name="staff_account_act"
    ),
]
