"""How well something is known: the stage of the evidence that heads every article."""

from django.db import models


class Stage(models.TextChoices):
    """In words that a reader needs no training for; `MEANS` says each in a sentence."""

    ESTABLISHED = "established", "Established"
    PROMISING = "promising", "Promising"
    EARLY = "early", "Early"
    NOT_PROVEN = "not_proven", "Not proven"
    DISPROVEN = "disproven", "Disproven"


MEANS = {
    Stage.ESTABLISHED: "Several good studies agree, and guidelines or regulators go by them.",
    Stage.PROMISING: "Studies with a comparison group look good. More are needed to be sure.",
    Stage.EARLY: "There are only first studies. Later ones may find something else.",
    Stage.NOT_PROVEN: "No study so far can show that it works.",
    Stage.DISPROVEN: "Good studies looked for an effect and found none, or found harm.",
}

#: Where the required parts have to stand, and what is not known has to be said.
UNSETTLED = frozenset({Stage.EARLY, Stage.NOT_PROVEN})
