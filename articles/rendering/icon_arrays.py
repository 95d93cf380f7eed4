"""Icon arrays: rows of people, filled for those it happened to and hollow for the others.

They are what people understand best, including those who find numbers hard (Galesic M,
Garcia-Retamero R, Gigerenzer G. Using icon arrays to communicate medical risks. Health Psychol
2009;28:210-6).
"""

from collections.abc import Iterable

from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.rendering import words

#: Above this many people, an array is drawn as 100 figures.
MOST = 200
SCALED = 100

_COLUMNS, _BLOCK = 20, 10
_WIDTH, _HEIGHT, _GAP = 10, 17, 5
_PERSON = "a2.3 2.3 0 1 0 .01 0zm-3.3 14v-5.2a3.3 3.3 0 0 1 6.6 0v5.2z"  # from the top of the head


def is_scaled(totals: Iterable[int]) -> bool:
    """Return whether a card's arrays of more than 100 people are each drawn as 100 figures."""
    return max(totals) > MOST


def filled_count(count: int, total: int, *, scaled: bool) -> int:
    """Return how many figures are filled: none only for nobody, all only for everybody."""
    if not scaled:
        return count
    if count in {0, total}:
        return SCALED if count else 0
    return min(max(round(SCALED * count / total), 1), SCALED - 1)


def explain_scale(count: int, total: int, *, scaled: bool) -> str:
    """Explain what one figure of an array means, on a card where other arrays may be scaled."""
    if not scaled:
        return words.figure_scale(None, is_less_than_one=False)
    each = total / SCALED
    size = f"{each:,.0f}" if each >= 10 else f"{each:.1f}".removesuffix(".0")  # noqa: PLR2004
    return words.figure_scale(size, is_less_than_one=0 < 2 * SCALED * count < total)


def render_array(count: int, total: int, *, scaled: bool) -> SafeString:
    """Return the drawing.

    It is hidden from screen readers, so words next to it have to say the same numbers.
    """
    figures = SCALED if scaled else total
    full = filled_count(count, total, scaled=scaled)
    rows = -(-figures // _COLUMNS)
    width = _COLUMNS * _WIDTH + _GAP * (_COLUMNS // _BLOCK - 1)
    return render_svg(
        width, rows * _HEIGHT, _path(range(full)), _path(range(full, figures)), "icon-array"
    )


def render_figure(*, is_filled: bool) -> SafeString:
    """Return one figure alone, for the key."""
    path = _path(range(1))
    return render_svg(_WIDTH, _HEIGHT, *((path, "") if is_filled else ("", path)), "icon")


def render_svg(width: int, height: int, full: str, hollow: str, name: str) -> SafeString:
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true"'
        ' focusable="false"><path class="icon-full" fill="currentColor" stroke="currentColor"'
        ' d="{}"/><path class="icon-hollow" fill="none" stroke="currentColor" d="{}"/></svg>',
        name, width, height, width, height, full, hollow,
    )  # fmt: skip


def _path(places: Iterable[int]) -> str:
    return "".join(
        f"M{column * _WIDTH + column // _BLOCK * _GAP + 5} {row * _HEIGHT + 1}{_PERSON}"
        for row, column in (divmod(place, _COLUMNS) for place in places)
    )
