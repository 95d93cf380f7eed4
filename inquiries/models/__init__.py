"""Requests, what happened to them, and what was written about them."""

from inquiries.models.absence import Absence
from inquiries.models.audit import AuditEntry, AuditTrail
from inquiries.models.chain import Chain, Link
from inquiries.models.choices import (
    Authority,
    BestTime,
    Channel,
    ContactMethod,
    Language,
    Relation,
    Voicemail,
)
from inquiries.models.contact import AccessLink, DangerPhrase, Delivery, Job
from inquiries.models.event import Addition, Event, Message, Note, Receipt
from inquiries.models.index import IndexEntry
from inquiries.models.inquiry import Inquiry, InquiryQuerySet
from inquiries.models.keys import DataKey, PurposeKey, WrappedKey

__all__ = [
    "Absence",
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
