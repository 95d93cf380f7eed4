"""Requests, what happened to them, and what was written about them."""

from inquiries.models.event import Addition, Event, Note
from inquiries.models.inquiry import (
    BestTime,
    ContactMethod,
    Inquiry,
    InquiryQuerySet,
    Language,
    Relation,
    Voicemail,
)

__all__ = [
    "Addition",
    "BestTime",
    "ContactMethod",
    "Event",
    "Inquiry",
    "InquiryQuerySet",
    "Language",
    "Note",
    "Relation",
    "Voicemail",
]
