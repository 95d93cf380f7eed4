"""Requests, what happened to them, and what was written about them."""

from inquiries.models.audit import AuditEntry, AuditTrail
from inquiries.models.chain import Chain, Link
from inquiries.models.contact import AccessLink, DangerPhrase, Delivery, Job
from inquiries.models.event import Addition, Event, Message, Note, Receipt
from inquiries.models.index import IndexEntry
from inquiries.models.inquiry import (
    Authority,
    BestTime,
    Channel,
    ContactMethod,
    Inquiry,
    InquiryQuerySet,
    Language,
    Relation,
    Voicemail,
)
from inquiries.models.keys import DataKey, PurposeKey, WrappedKey

__all__ = [
    "AccessLink",
    "Addition",
    "AuditEntry",
    "AuditTrail",
    "Authority",
    "BestTime",
    "Chain",
    "Channel",
    "ContactMethod",
    "DangerPhrase",
    "DataKey",
    "Delivery",
    "Event",
    "IndexEntry",
    "Inquiry",
    "InquiryQuerySet",
    "Job",
    "Language",
    "Link",
    "Message",
    "Note",
    "PurposeKey",
    "Receipt",
    "Relation",
    "Voicemail",
    "WrappedKey",
]
