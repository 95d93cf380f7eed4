"""Study designs, in words that readers need no training to understand."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.rendering.library_snapshot import Source, StudyDesign

Words = str | Promise


@dataclass(frozen=True)
class DesignText:
    name: Words
    #: How it was done; then what it can show at best, and what it can't, whatever it found.
    how: Words
    can: Words
    cannot: Words


#: Designs that can show whether a treatment made a difference, if enough people took part.
COMPARATIVE_DESIGNS = frozenset({StudyDesign.RANDOMISED, StudyDesign.CONTROLLED})

DESIGN_TEXTS: Mapping[StudyDesign, DesignText] = {
    StudyDesign.RANDOMISED: DesignText(
        _("Randomized trial"),
        _(
            "Chance decided who got which treatment. In a large study, that helps make the "
            "groups alike."
        ),
        _("whether the treatment made the difference"),
        _("what would happen in other kinds of patients, or after the study ended"),
    ),
    StudyDesign.CONTROLLED: DesignText(
        _("Study with a comparison group, not randomized"),
        _(
            "It compared people who got the treatment with people who didn’t. Chance didn’t "
            "decide who got it."
        ),
        _("that one group did better than the other"),
        _("that the treatment was the reason: the groups may have been different from the start"),
    ),
    StudyDesign.UNCONTROLLED: DesignText(
        _("Study without a comparison group"),
        _("Everyone in the study got the treatment."),
        _("what happened to these people"),
        _("that the treatment was the reason: some people may get better or worse without it"),
    ),
    StudyDesign.CASES: DesignText(
        _("Case reports"),
        _("Doctors describe what happened to one person, or to a few."),
        _("that something can happen"),
        _("how often it happens, or why"),
    ),
    StudyDesign.LABORATORY: DesignText(
        _("Laboratory study"),
        _("It used cells or animals. No people took part."),
        _("how something might work"),
        _("whether it helps or harms people"),
    ),
    StudyDesign.REVIEW: DesignText(
        _("Review of studies"),
        _("It looks at several studies together."),
        _("what the studies show as a whole"),
        _("more than those studies could: weak studies are still weak when put together"),
    ),
    StudyDesign.GUIDELINE: DesignText(
        _("Guideline"),
        _("Experts’ advice, based on the studies available then."),
        _("what experts advised at that time"),
        _("what is right for one person"),
    ),
    StudyDesign.REGULATOR: DesignText(
        _("Government notice"),
        _("It comes from an agency that decides which treatments can be sold."),
        _("what is approved, and what the agency warns about"),
        _("what is right for one person"),
    ),
    StudyDesign.OTHER: DesignText(
        _("Background"),
        _("This is not a study of how well a treatment works."),
        _("where a statement comes from"),
        _("whether a treatment works"),
    ),
}
_FDA = _("U.S. government notice (FDA)")


def name_design(source: Source) -> Words:
    """Return the kind of source; for the agency that readers here know, its name."""
    if source.design is StudyDesign.REGULATOR and "FDA" in source.authors:
        return _FDA
    return DESIGN_TEXTS[source.design].name
