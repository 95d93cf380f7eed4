"""How strong the evidence is: the stage shown at the top of an article about a treatment."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Stages in words that readers need no training for; `STAGE_MEANINGS` explains each one."""

    ESTABLISHED = "established", _("Established")
    PROMISING = "promising", _("Promising")
    EARLY = "early", _("Early")
    NOT_PROVEN = "not_proven", _("Not proven")
    DISPROVEN = "disproven", _("Disproven")
    NONE = "none", _("None: this page makes no claim about a treatment")


#: Each claims no more than its rule in `checking.stage` asks the page to cite.
STAGE_MEANINGS = {
    Stage.ESTABLISHED: _(
        "At least two good studies or guidelines agree. You can find them on this page."
    ),
    Stage.PROMISING: _(
        "A study with a comparison group had good results. We need more studies to be sure."
    ),
    Stage.EARLY: _("We found only early studies. Later studies may show something different."),
    Stage.NOT_PROVEN: _("The studies we found do not show that it works."),
    Stage.DISPROVEN: _("At least two good studies or guidelines found no effect, or found harm."),
    Stage.NONE: _("Readers see no stage. For pages that say what a disease is, or what to ask."),
}

#: Pages at these stages need the required parts, and must say what is not known.
UNSETTLED_STAGES = frozenset({Stage.EARLY, Stage.NOT_PROVEN})
#: How long a review is valid: shorter where new studies may change what we say. Our own rule; NHS
#: content is reviewed at least every three years.
REVIEW_INTERVAL = timedelta(days=365)
REVIEW_INTERVAL_UNSETTLED = timedelta(days=183)
#: How long before that its authors and its reviewer are told: time to read the sources again.
REVIEW_SOON = timedelta(days=14)


def review_interval(stage: str) -> timedelta:
    return REVIEW_INTERVAL_UNSETTLED if stage in UNSETTLED_STAGES else REVIEW_INTERVAL


def stage_badge(stage: str) -> str:
    """Return what readers see of it; empty if nothing is claimed or nobody has judged it yet."""
    return str(Stage(stage).label) if stage and stage != Stage.NONE else ""
