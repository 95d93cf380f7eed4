"""The parts that a page on an unsettled treatment has to have: `::: caution` … `:::`."""

from collections.abc import Mapping

#: The name that an editor writes, to the heading that readers see. In the order of the page.
REQUIRED_PARTS: Mapping[str, str] = {
    "caution": "What regulators say",
    "options": "Standard options",
    "questions": "Questions to ask",
    "medicines": "Do not stop your medicines",
    "unknown": "What is not known",
}
