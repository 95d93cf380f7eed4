"""Requests, what happened to them, and what was written about them."""

from inquiries.models.absence import Absence
from inquiries.models.audit import AuditEntry, AuditTrail
from inquiries.models.chain import Chain, Link
from inquiries.models.choices import (
    HOW_TO_ANSWER,
    Authority,
    BestTime,
    Channel,
    ContactMethod,
    Language,
    Relation,
    Voicemail,
    Weekday,
)
from inquiries.models.clock import Clock
from inquiries.models.contact import (
    AccessLink,
    DangerPhrase,
    Delivery,
    Guesses,
    Job,
    Notice,
    Outgoing,
)
from inquiries.models.event import Addition, Event, Message, Note, Receipt
from inquiries.models.index import IndexEntry
from inquiries.models.inquiry import Inquiry
from inquiries.models.keys import DataKey, PurposeKey, WrappedKey
from inquiries.models.level import Calendar, OpeningHours, ServiceLevel, SpecialDay
from inquiries.models.rows import InquiryQuerySet
from inquiries.models.script import CannedReply, CrisisScript

__all__ = [
    "HOW_TO_ANSWER",
    "Absence",
    "AccessLink",
    "Addition",
    "AuditEntry",
    "AuditTrail",
    "Authority",
    "BestTime",
    "Calendar",
    "CannedReply",
    "Chain",
    "Channel",
    "Clock",
    "ContactMethod",
    "CrisisScript",
    "DangerPhrase",
    "DataKey",
    "Delivery",
    "Event",
    "Guesses",
    "IndexEntry",
    "Inquiry",
    "InquiryQuerySet",
    "Job",
    "Language",
    "Link",
    "Message",
    "Note",
    "Notice",
    "OpeningHours",
    "Outgoing",
    "PurposeKey",
    "Receipt",
    "Relation",
    "ServiceLevel",
    "SpecialDay",
    "Voicemail",
    "Weekday",
    "WrappedKey",
]
