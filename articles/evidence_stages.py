"""How well something is known: the stage of the evidence that heads an article on a treatment."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """In words that a reader needs no training for; `STAGE_MEANINGS` says each in a sentence."""

    ESTABLISHED = "established", _("Established")
    PROMISING = "promising", _("Promising")
    EARLY = "early", _("Early")
    NOT_PROVEN = "not_proven", _("Not proven")
    DISPROVEN = "disproven", _("Disproven")
    NONE = "none", _("None: this page makes no claim about a treatment")


#: Each says no more than its rule in `checking.stage` asks the page to cite.
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

#: Where the required parts have to stand, and what is not known has to be said.
UNSETTLED_STAGES = frozenset({Stage.EARLY, Stage.NOT_PROVEN})


def stage_badge(stage: str) -> str:
    """What readers see of it; empty where nothing is claimed, or nobody has judged it yet."""
    return str(Stage(stage).label) if stage and stage != Stage.NONE else ""
