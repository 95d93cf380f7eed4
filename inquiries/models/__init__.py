"""Requests, what happened to them, and what was written about them."""

from inquiries.models.audit import AuditEntry, AuditTrail
from inquiries.models.chain import Chain, Link
from inquiries.models.event import Addition, Event, Note, Receipt
from inquiries.models.index import IndexEntry
from inquiries.models.inquiry import (
    BestTime,
    ContactMethod,
    Inquiry,
    InquiryQuerySet,
    Language,
    Relation,
    Voicemail,
)
from inquiries.models.keys import DataKey, PurposeKey, WrappedKey

__all__ = [
    "Addition",
    "AuditEntry",
    "AuditTrail",
    "BestTime",
    "Chain",
    "ContactMethod",
    "DataKey",
    "Event",
    "IndexEntry",
    "Inquiry",
    "InquiryQuerySet",
    "Language",
    "Link",
    "Note",
    "PurposeKey",
    "Receipt",
    "Relation",
    "Voicemail",
    "WrappedKey",
]
