"""Opening a request that does not match its events: the page still opens, and says so."""

import logging
from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from inquiries.ledger import verification
from inquiries.ledger.checks import Kept
from inquiries.models import Event, Inquiry
from inquiries.views.staff import words
from inquiries.views.staff.layout import render_page
from inquiries.views.staff.record import Record

logger = logging.getLogger(__name__)


def find_faults(record: Record) -> list[str]:
    """Return what does not match, for whoever looks into it; empty if everything matches."""
    inquiry = record.inquiry
    written = [
        (event.number, getattr(event, name))
        for event in record.events
        if event.kind != Event.Kind.READ  # nothing is written with a reading
        for name in ("note", "addition", "message")
        if hasattr(event, name)
    ]
    kept = Kept(
        inquiry=inquiry,
        events=record.chain,
        key=None if inquiry.erased_at else inquiry.data_key,
        words=written,
        clocks=record.clocks,
        deliveries=record.deliveries,
        rows=[*record.tasks, *record.referrals],
    )
    # A colleague may have written between two queries, so check again while it is locked.
    return [] if verification.is_as_bound(kept) else _faults_of(inquiry.pk)


def _faults_of(pk: UUID) -> list[str]:
    faults = verification.check_alone(Inquiry(pk=pk)).faults
    if faults:
        logger.error("a request that was opened is not what its events say")
    return faults


def render_or_explain(
    request: HttpRequest, pk: UUID, render: Callable[[], HttpResponse]
) -> HttpResponse:
    """Return the page, or one that explains that a change in the database broke it."""
    try:
        return render()
    except (Http404, PermissionDenied):
        raise
    except Exception:
        # A change in the database may break any code that shows it. Our own bugs are raised as
        # usual.
        faults = _faults_of(pk)
        if not faults:
            raise
        logger.exception("a request that was changed in the database cannot be shown")
    reference = Inquiry.objects.filter(pk=pk).values_list("reference", flat=True).get()
    return render_page(
        request,
        "request/unreadable",
        words.REQUEST % {"reference": reference},
        reference=reference,
        faults=faults,
    )
