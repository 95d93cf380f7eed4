"""Group sizes in a comparison, and whether they are large enough for it to mean anything."""

from collections.abc import Sequence

from articles.rendering import card_words

#: In a smaller group, even one half can be anything from a third to two thirds (the 95% interval
#: of 15 of 30 is 33.2% to 66.8%), so a difference between groups means next to nothing.
MIN_GROUP_SIZE = 30
#: Groups whose sizes differ by less, such as 135 and 136, look the same size to a reader.
_SAME_SIZE = 1.25


def are_too_small(sizes: Sequence[int]) -> bool:
    """Return whether there are groups to compare that are too small to show anything."""
    return len(sizes) > 1 and min(sizes) < MIN_GROUP_SIZE


def explain_sizes(sizes: Sequence[int]) -> str:
    """Return what to say about a comparison before its numbers; empty for nothing."""
    are_unequal = max(sizes) > _SAME_SIZE * min(sizes)
    are_too_few = are_too_small(sizes)
    if not are_too_few and (len(sizes) == 1 or not are_unequal):
        return ""
    said = card_words.chance_alone() if are_too_few else card_words.compare_shares()
    return f"{card_words.groups_differ()} {said}" if are_unequal else said
