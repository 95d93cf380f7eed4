"""Sample posts, and a helper that runs the import command."""

from io import StringIO
from typing import Any

from django.core.management import call_command

# It has the shape and the faults of typical clinic blog posts: a bare percentage, a hinted cure,
# no harms, an invitation at the end. Written for this test.
POST = """\
Magnetic Slippers for Tired Ankles

Posted and filed under Ankles, Magnet Research, Slippers.

Tired ankles, or simply “heavy feet”, trouble many people.   Some notice it
in the evening.

Doctors usually advise rest [and *patience*]. In a study, 62.5% of wearers felt better, amazingly!

1. Nobody asked for how long.


Reference: Sole A et al. (2013). Slippers and magnets. Journal of Footwear. 2013;1(2):3-4.

Speak with one of our friendly
Care Coordinators today!
"""

MARKDOWN = """\
---
title: "Magnets: what is known"
slug: magnets
summary: What a compass shows about the ankle.
key_points:
  - A compass shows where north is. [@sole-2013]
stage: none
condition: Tired ankles
condition_code: M25.57
categories: [Ankles, Magnet Research]
references:
  - {key: sole-2013, authors: Sole A, title: Slippers and magnets, year: 2013, design: uncontrolled}
  - Heel B (2015). Slippers again. Journal of Footwear. 2015;3(1):5-6.
---
## What was asked

Whether *magnets* point north. [@sole-2013]
"""


def import_posts(*arguments: Any, keeps_categories: bool = False) -> tuple[int, str, str]:
    """Return exit status, output and errors; allow new categories unless a test says otherwise."""
    out, err = StringIO(), StringIO()
    try:
        made = () if keeps_categories else ("--create-categories",)
        call_command("import_posts", *map(str, arguments), *made, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()
