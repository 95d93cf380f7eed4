"""What a text may name: sources, terms and pictures, as the rendering and the checks see them.

Plain values, made from the rows of the same names (`models`), so that nothing here reads a
database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from articles.languages import ORIGINAL


class StudyDesign(TextChoices):
    """How a study was made, which bounds what it can show."""

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
        """As American editors write it."""
        return cls.RANDOMISED if value == "randomized" else None


class Standing(TextChoices):
    """What has become of a source since it came out."""

    CURRENT = "current", _("Current")
    DISPUTED = "disputed", _("Disputed")
    SUPERSEDED = "superseded", _("Superseded")
    RETRACTED = "retracted", _("Retracted")


@dataclass(frozen=True, kw_only=True)
class Source:
    """One reference of the library; `[@key]` cites it."""

    key: str
    #: “Gu F, Wang D”: names as in Vancouver style, comma-separated; a body's name as it is.
    authors: str = ""
    title: str
    journal: str = ""
    year: int | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    #: “NCT01234567” and the like.
    registry_id: str = ""
    url: str = ""
    design: StudyDesign = StudyDesign.OTHER
    standing: Standing = Standing.CURRENT
    #: Why, in a sentence for readers.
    standing_note: str = ""
    #: The key of the source that disputes or supersedes it.
    standing_by: str = ""


@dataclass(frozen=True, kw_only=True)
class GlossaryEntry:
    """A word of the glossary. `forms` are the other ways to write it, such as its plural."""

    slug: str
    name: str
    definition: str
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An image of the library; `![alt](image:name)` shows it."""

    name: str
    #: In pixels, of the largest.
    width: int
    height: int
    #: MIME type to “srcset”, the best type first: {"image/avif": "/images/… 480w, …"}.
    srcsets: Mapping[str, str]
    #: For browsers that know none of them.
    src: str
    credit: str = ""


@dataclass(frozen=True, kw_only=True)
class LibrarySnapshot:
    """What a text may name of the library, at one moment."""

    #: In which the text is written, and our own words on its page with it.
    language: str = ORIGINAL
    sources: Mapping[str, Source] = field(default_factory=dict)
    terms: tuple[GlossaryEntry, ...] = ()
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    #: Names of pictures that were there once and must not be seen again.
    withdrawn: frozenset[str] = frozenset()
    #: Keys of sources, with the kinds of outcome that other live pages count for them. For checks.
    counted_elsewhere: Mapping[str, frozenset[str]] = field(default_factory=dict)
