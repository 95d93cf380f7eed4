"""The leads' pages of coordinators' accounts."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from inquiries.models import Inquiry
from portal.accounts import colleagues, words
from portal.accounts.colleague_forms import NewAccountForm
from portal.accounts.colleagues import ActRefused
from portal.accounts.users import current_user
from portal.models import User

_ACTS: dict[str, Callable[..., None]] = {
    "deactivate": colleagues.deactivate,
    "reactivate": colleagues.reactivate,
    "reset-factor": colleagues.reset_factor,
    "reset-password": colleagues.reset_password,
}


def list_accounts(request: HttpRequest) -> HttpResponse:
    by = _lead(request)
    return _render(request, "list", words.ACCOUNTS, accounts=colleagues.managed_accounts(by))


def add_account(request: HttpRequest) -> HttpResponse:
    by = _lead(request)
    form = NewAccountForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            account = colleagues.make_account(form.account(), by=by)
        except IntegrityError:  # someone else was quicker
            form.add_error("username", words.NAME_TAKEN)
        else:
            messages.success(request, words.ACCOUNT_MADE % {"who": account})
            return redirect("staff_accounts")
    status = 422 if form.errors else 200
    return _render(request, "add", words.NEW_ACCOUNT, status=status, form=form)


def show_account(request: HttpRequest, pk: UUID) -> HttpResponse:
    account = get_object_or_404(colleagues.managed_accounts(_lead(request)), pk=pk)
    return _render_account(request, account)


def act_on_account(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    by = _lead(request)
    account = get_object_or_404(colleagues.managed_accounts(by), pk=pk)
    if act not in _ACTS:
        raise Http404
    if request.method != "POST":
        return redirect("staff_account", pk=account.pk)
    try:
        _ACTS[act](account, by=by)
    except ActRefused as refusal:
        messages.error(request, str(refusal))
        return _render_account(request, account, status=409)
    messages.success(request, words.ACTS_DONE[act] % {"who": account})
    return redirect("staff_account", pk=account.pk)


def _lead(request: HttpRequest) -> User:
    user = current_user(request)
    if not colleagues.may_manage_accounts(user):
        raise PermissionDenied
    return user


def _render_account(request: HttpRequest, account: User, *, status: int = 200) -> HttpResponse:
    held = Inquiry.objects.claimed_by(account).count()
    return _render(request, "account", str(account), status=status, account=account, held=held)


def _render(
    request: HttpRequest, name: str, title: object, *, status: int = 200, **shown: object
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": title,
        "is_mail_set": settings.EMAIL_IS_SET,
        **shown,
    }
    return TemplateResponse(request, f"admin/portal/accounts/{name}.html", context, status=status)
