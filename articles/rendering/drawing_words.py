"""What each drawing shows, in words: its title, and all of it for those who don't see it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

IN_WORDS = _("This picture in words")


@dataclass(frozen=True)
class DrawingText:
    title: Words
    #: Says everything that the drawing shows.
    words: Words


DRAWING_TEXTS: Mapping[str, DrawingText] = {
    "kidney": DrawingText(
        _("A kidney and one of its filters"),
        _(
            "A kidney cut open. One blood vessel brings blood in. Another takes the filtered blood "
            "out. Urine leaves through a tube at the bottom. Below, one of the kidney’s many "
            "filters is drawn much larger: a knot of tiny blood vessels inside a cup. Blood flows "
            "into the knot and out again. What is filtered out runs into the cup and leaves as "
            "urine."
        ),
    ),
    "lupus-nephritis": DrawingText(
        _("What lupus nephritis does to a filter"),
        _(
            "Two filters of a kidney. In the healthy one, protein stays in the blood. In the one "
            "harmed by lupus, the tiny blood vessels are swollen and damaged. Protein leaks "
            "through them into the urine."
        ),
    ),
    "donor-cells": DrawingText(
        _("Where donor stem cells come from, and how they are given"),
        _(
            "Donor stem cells come from bone marrow, the soft inside of a bone, or from an "
            "umbilical cord. They are given to the patient by infusion: through a thin tube into "
            "the body."
        ),
    ),
    "comparison-group": DrawingText(
        _("What a comparison group is"),
        _(
            "People with the same disease are split into two groups, and chance decides who is in "
            "which. One group gets the treatment. The comparison group does not. Then the two "
            "groups are compared: how many got better, and how many were harmed? Without a "
            "comparison group, no one can tell what would have happened anyway."
        ),
    ),
    "two-studies": DrawingText(
        _("Two studies of donor stem cells for lupus nephritis"),
        _(
            "A timeline. The first study came out in 2014. In it, 81 people got the cells, and "
            "there was no comparison group. The second came out in 2017. In it, 12 people got the "
            "cells and 6 people got a placebo, a look-alike treatment. That study was stopped "
            "early."
        ),
    ),
}
