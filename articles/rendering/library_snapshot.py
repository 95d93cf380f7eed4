"""What a text can name: sources, terms, and pictures, as rendering and checks see them.

Plain values made from rows (`Reference`, `Term`, `Image`), so that nothing here reads a database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from articles.languages import ORIGINAL
from articles.rendering.certainty import Ratings


class StudyDesign(TextChoices):
    """How a study was done, which limits what it can show."""

    RANDOMISED = "randomised", _("Randomized trial")
    CONTROLLED = "controlled", _("Controlled, not randomized")
    UNCONTROLLED = "uncontrolled", _("No comparison group")
    CASES = "cases", _("Case reports")
    LABORATORY = "laboratory", _("Laboratory (cells or animals)")
    REVIEW = "review", _("Review of studies")
    GUIDELINE = "guideline", _("Guideline")
    REGULATOR = "regulator", _("Regulator’s statement")
    OTHER = "other", _("Other")

    @classmethod
    def _missing_(cls, value: object) -> "StudyDesign | None":
        """Accept the American spelling."""
        return cls.RANDOMISED if value == "randomized" else None


class Standing(TextChoices):
    """What has become of a source since it was published."""

    CURRENT = "current", _("Current")
    DISPUTED = "disputed", _("Disputed")
    SUPERSEDED = "superseded", _("Superseded")
    RETRACTED = "retracted", _("Retracted")


@dataclass(frozen=True, kw_only=True)
class Source:
    """One reference in the library; `[@key]` cites it."""

    key: str
    #: “Gu F, Wang D”: names in Vancouver style, comma-separated; an organization's name as it is.
    authors: str = ""
    title: str
    journal: str = ""
    year: int | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    #: Such as “NCT01234567”.
    registry_id: str = ""
    url: str = ""
    design: StudyDesign = StudyDesign.OTHER
    standing: Standing = Standing.CURRENT
    #: The reason, in a sentence for readers.
    standing_note: str = ""
    #: The key of the source that disputes or supersedes it.
    standing_by: str = ""


@dataclass(frozen=True, kw_only=True)
class GlossaryEntry:
    """A glossary term. `forms` are other ways to write it, such as its plural."""

    slug: str
    name: str
    definition: str
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An image in the library; `![alt](image:name)` shows it."""

    name: str
    #: Size of the largest file, in pixels.
    width: int
    height: int
    #: MIME type to “srcset”, best type first: {"image/avif": "/images/… 480w, …"}.
    srcsets: Mapping[str, str]
    #: For browsers that support none of them.
    src: str
    credit: str = ""


@dataclass(frozen=True, kw_only=True)
class LibrarySnapshot:
    """What a text can name from the library, at one moment, and how its cards are rated."""

    #: The language of the text, and of our own words on its page.
    language: str = ORIGINAL
    sources: Mapping[str, Source] = field(default_factory=dict)
    terms: tuple[GlossaryEntry, ...] = ()
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    #: Names of pictures that were withdrawn and must not be seen again.
    withdrawn: frozenset[str] = frozenset()
    #: Keys of sources, with the kinds of outcomes that other live pages count for them. For checks.
    counted_elsewhere: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: What a medical reviewer said about the cards of this very text, if one has approved it.
    ratings: Ratings = field(default_factory=dict)
