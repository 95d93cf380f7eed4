"""How long a session lasts, and what ends it early."""

import time
from datetime import timedelta
from typing import Any

from allauth.account import signals as allauth_account
from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.usersessions import signals as allauth_sessions
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from inquiries.triage import calendar_link
from portal.accounts import audit, second_factor, session_store, trust, users
from portal.models import User

#: Seconds without a request, and seconds in total (NIST SP 800-63B, AAL2).
MAX_IDLE_SECONDS = 30 * 60
MAX_AGE_SECONDS = 12 * 60 * 60
#: Session keys; both values are in seconds since the epoch.
SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
# Seconds. A session is saved this often at most, and not with every page.
_NOTED_EVERY = 60


def reached_limit(session: SessionBase) -> str:
    """Return which limit ends this session now: `idle`, `age`, or an empty string for none."""
    now = time.time()
    if now - session.get(SIGNED_IN_AT, 0) >= MAX_AGE_SECONDS:
        return "age"
    if now - session.get(SEEN_AT, 0) >= MAX_IDLE_SECONDS:
        return "idle"
    return ""


def record_activity(request: HttpRequest) -> None:
    now = time.time()
    if now - request.session[SEEN_AT] >= _NOTED_EVERY:
        request.session[SEEN_AT] = now
        _user_session(request.session).update(last_seen_at=timezone.now())


def end_current_session(request: HttpRequest, why: str) -> None:
    audit.record_ended_sessions(users.current_user(request), why=why, count=1)
    _user_session(request.session).delete()
    request.session.flush()
    request.user = AnonymousUser()


def end_everything(user: User, why: str, but: HttpRequest | None = None) -> int:
    """End all sessions but this one, and trust in all browsers; return how many sessions ended."""
    trust.end_trust(user, why)
    return end_other_sessions(but, why) if but else end_sessions(user, sessions_of(user), why)


def end_other_sessions(request: HttpRequest, why: str) -> int:
    """End every other session of this person; return how many there were."""
    user = users.current_user(request)
    return end_sessions(
        user, sessions_of(user).exclude(pk__in=_user_session(request.session).values("pk")), why
    )


def end_sessions(user: User, sessions: QuerySet[UserSession], why: str) -> int:
    """End these sessions of one person; return how many there were."""
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    sessions.filter(session_key__in=keys).delete()
    if keys:
        audit.record_ended_sessions(user, why=why, count=len(keys))
    return len(keys)


def delete_records_of_ended() -> None:
    """Delete what the list of devices says of sessions that are over, for whoever stays away."""
    over = timezone.now() - timedelta(seconds=MAX_AGE_SECONDS)
    UserSession.objects.filter(created_at__lt=over).delete()


def sessions_of(user: User) -> QuerySet[UserSession]:
    """All of them, including those that have expired but are not cleaned up yet."""
    rows: QuerySet[UserSession] = UserSession.objects.filter(user_id=user.pk)
    return rows


def open_sessions_of(user: User) -> QuerySet[UserSession]:
    """Those that are still usable, newest first."""
    now = timezone.now()
    return (
        sessions_of(user)
        .filter(
            created_at__gt=now - timedelta(seconds=MAX_AGE_SECONDS),
            last_seen_at__gt=now - timedelta(seconds=MAX_IDLE_SECONDS),
            session_key__in=Session.objects.values("session_key"),
        )
        .order_by("-created_at")
    )


def is_current(row: UserSession, request: HttpRequest) -> bool:
    """Whether this row is the session that sent the request."""
    return bool(row.session_key == session_store.key_digest(request.session.session_key))


def _user_session(session: SessionBase) -> QuerySet[UserSession]:
    key = session_store.key_digest(session.session_key)
    rows: QuerySet[UserSession] = UserSession.objects.filter(session_key=key)
    return rows


def _save_user_session(request: HttpRequest) -> None:
    if not request.session.session_key:
        request.session.save()
    agent = UserSession._meta.get_field("user_agent")
    UserSession.objects.update_or_create(
        session_key=session_store.key_digest(request.session.session_key),
        defaults={
            "user": users.current_user(request),
            "ip": get_adapter().get_client_ip(request),
            "user_agent": request.headers.get("User-Agent", "")[: agent.max_length],
        },
    )


# --- What happens meanwhile -----------------------------------------------------------------------


@receiver(user_logged_in)
def _begin(request: HttpRequest, **kwargs: Any) -> None:
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = time.time()


def disconnect_allauth_receivers() -> None:
    """Disconnect allauth's list: it holds keys in the clear and checks them all at every sign-in.

    Called once all apps are ready, because allauth connects its receivers then.
    """
    allauth_account.user_logged_in.disconnect(allauth_sessions.on_user_logged_in)
    for changed in (allauth_account.password_changed, allauth_account.password_set):
        changed.disconnect(allauth_sessions.on_password_changed)


@receiver(allauth_account.user_logged_in)
def _signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    run_out = sessions_of(user).exclude(pk__in=open_sessions_of(user).values("pk"))
    Session.objects.filter(session_key__in=run_out.values("session_key")).delete()
    run_out.delete()
    _save_user_session(request)


@receiver(user_logged_out)
def _forget(request: HttpRequest, **kwargs: Any) -> None:
    _user_session(request.session).delete()


@receiver(allauth_account.authentication_step_completed)
def _renew(request: HttpRequest, **kwargs: Any) -> None:
    """Confirming a sign-in changes the key, so that one stolen earlier is of no use."""
    if kwargs.get("reauthenticated"):
        before = _user_session(request.session)
        request.session.cycle_key()
        before.update(session_key=session_store.key_digest(request.session.session_key))


@receiver(authenticator_added)
@receiver(authenticator_removed)
@receiver(authenticator_reset)
def _factor_changed(request: HttpRequest, authenticator: Authenticator, **kwargs: Any) -> None:
    trust.end_trust(users.current_user(request), why="factor_changed")
    if authenticator.type in second_factor.FACTORS:
        end_other_sessions(request, why="factor_changed")


@receiver(allauth_account.password_changed)
@receiver(allauth_account.password_set)
def _password_changed(request: HttpRequest, **kwargs: Any) -> None:
    """Save this session again: Django has renewed its key along with the password."""
    _save_user_session(request)
    end_everything(users.current_user(request), why="password_changed", but=request)


@receiver(post_save, sender=User)
def _account_saved(instance: User, **kwargs: Any) -> None:
    """A disabled account's sessions stop working at once, and are not kept either.

    Nor is the calendar link of someone who no longer handles requests.
    """
    if not instance.is_active:
        end_everything(instance, why="account_disabled")
    if not calendar_link.may_have_link(instance):
        calendar_link.end_link(instance, by=None, why="account_changed")
