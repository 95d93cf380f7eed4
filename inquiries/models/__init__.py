"""Requests, what happened to them, and what was written about them."""

from inquiries.models.absence import Absence
from inquiries.models.access_link import AccessLink, EndedVisit, GuessCount
from inquiries.models.audit import AuditEntry, AuditTrail
from inquiries.models.calendar_link import CalendarLink
from inquiries.models.choices import (
    Authority,
    BestTime,
    ContactMethod,
    Helped,
    IntakeChannel,
    Language,
    Relation,
    Voicemail,
    Weekday,
)
from inquiries.models.clock import Clock
from inquiries.models.danger_phrase import DangerPhrase
from inquiries.models.directory import DirectoryEntry
from inquiries.models.encryption_keys import DataKey, PurposeKey, WrappedKey
from inquiries.models.event import Event
from inquiries.models.event_texts import Addition, Message, Note
from inquiries.models.inquiry import Inquiry
from inquiries.models.job import Job
from inquiries.models.kept_queries import KeptQuery, KeptSql
from inquiries.models.known_topic import KnownTopic
from inquiries.models.ledger_chain import AnchorCopy, Chain, ChainLink
from inquiries.models.mail import BounceCount, BounceReason, Delivery, Notice, Outgoing
from inquiries.models.offer import Offer
from inquiries.models.origin import Origin
from inquiries.models.planned_step import PlannedStep
from inquiries.models.prepared_text import CannedReply, CrisisScript
from inquiries.models.querysets import BURST_SIZE, InquiryQuerySet, is_burst
from inquiries.models.receipt import Receipt
from inquiries.models.restoration import MissingRequest, Restoration
from inquiries.models.saved_view import SavedView
from inquiries.models.search_index import IndexEntry
from inquiries.models.service_level import (
    Calendar,
    HolidayYear,
    OpeningHours,
    ServiceLevel,
    SpecialDay,
)
from inquiries.models.spoken_languages import SpokenLanguages
from inquiries.models.task import (
    Checklist,
    ChecklistItem,
    Referral,
    ReferralAnswer,
    Task,
    TaskState,
)

__all__ = [
    "BURST_SIZE",
    "Absence",
    "AccessLink",
    "Addition",
    "AnchorCopy",
    "AuditEntry",
    "AuditTrail",
    "Authority",
    "BestTime",
    "BounceCount",
    "BounceReason",
    "Calendar",
    "CalendarLink",
    "CannedReply",
    "Chain",
    "ChainLink",
    "Checklist",
    "ChecklistItem",
    "Clock",
    "ContactMethod",
    "CrisisScript",
    "DangerPhrase",
    "DataKey",
    "Delivery",
    "DirectoryEntry",
    "EndedVisit",
    "Event",
    "GuessCount",
    "Helped",
    "HolidayYear",
    "IndexEntry",
    "Inquiry",
    "InquiryQuerySet",
    "IntakeChannel",
    "Job",
    "KeptQuery",
    "KeptSql",
    "KnownTopic",
    "Language",
    "Message",
    "MissingRequest",
    "Note",
    "Notice",
    "Offer",
    "OpeningHours",
    "Origin",
    "Outgoing",
    "PlannedStep",
    "PurposeKey",
    "Receipt",
    "Referral",
    "ReferralAnswer",
    "Relation",
    "Restoration",
    "SavedView",
    "ServiceLevel",
    "SpecialDay",
    "SpokenLanguages",
    "Task",
    "TaskState",
    "Voicemail",
    "Weekday",
    "WrappedKey",
    "is_burst",
]
