"""Icon arrays: rows of ten people, each with a shape for what happened to them.

They are what people understand best, including those who find numbers hard (Galesic M,
Garcia-Retamero R, Gigerenzer G. Using icon arrays to communicate medical risks. Health Psychol
2009;28:210-6). A shape of its own for each meaning works without color, too.
"""

from collections.abc import Iterable, Mapping

from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.rendering import card_words
from articles.rendering.findings import OutcomeKind

#: Above this many people, an array is drawn as 100 figures.
SCALED = 100

_COLUMNS, _BLOCK = 10, 5
_SIZE, _GAP = 20, 6
#: Each is drawn from the middle of its place.
_SHAPES: Mapping[OutcomeKind, str] = {
    OutcomeKind.BENEFIT: "m-7.5 0a7.5 7.5 0 1 0 15 0 7.5 7.5 0 1 0-15 0z",
    OutcomeKind.HARM: "m0-8.5 8.5 15.5h-17z",
    OutcomeKind.DEATH: "m-7.5-7.5h15v15h-15z",
}
_CROSS = "m-4.5-4.5 9 9m0-9-9 9"  # on the square of a death
_RING = "m-5 0a5 5 0 1 0 10 0 5 5 0 1 0-10 0z"


def is_scaled(totals: Iterable[int]) -> bool:
    """Return whether a card has an array of so many people that it is drawn as 100 figures."""
    return max(totals) > SCALED


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
        return card_words.figure_scale(None, is_less_than_one=False)
    each = total / SCALED
    size = f"{each:,.0f}" if each >= 10 else f"{each:.1f}".removesuffix(".0")  # noqa: PLR2004
    return card_words.figure_scale(size, is_less_than_one=0 < 2 * SCALED * count < total)


def render_array(kind: OutcomeKind, count: int, total: int, *, scaled: bool) -> SafeString:
    """Return the drawing.

    It is hidden from screen readers, so words next to it have to say the same numbers.
    """
    figures = SCALED if scaled else total
    full = filled_count(count, total, scaled=scaled)
    rows = -(-figures // _COLUMNS)
    return _render_svg(
        kind,
        "icon-array",
        (_length(_COLUMNS), _length(rows)),
        (range(full), range(full, figures)),
    )


def render_figure(kind: OutcomeKind | None) -> SafeString:
    """Return one figure alone, for the key; None for a person without the result."""
    places = (range(1), range(0)) if kind else (range(0), range(1))
    return _render_svg(kind or OutcomeKind.BENEFIT, "icon", (_SIZE, _SIZE), places)


def _render_svg(
    kind: OutcomeKind, name: str, size: tuple[int, int], places: tuple[range, range]
) -> SafeString:
    full, hollow = places
    is_death = kind is OutcomeKind.DEATH
    return format_html(
        '<svg class="{} {}" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true"'
        ' focusable="false"><path class="icon-full" d="{}"/>{}'
        '<path class="icon-hollow" d="{}"/></svg>',
        name,
        kind,
        *size,
        *size,
        _path(_SHAPES[kind], full),
        format_html('<path class="icon-cross" d="{}"/>', _path(_CROSS, full)) if is_death else "",
        _path(_RING, hollow),
    )


def _path(shape: str, places: Iterable[int]) -> str:
    return "".join(
        f"M{_middle(column)} {_middle(row)}{shape}"
        for row, column in (divmod(place, _COLUMNS) for place in places)
    )


def _length(figures: int) -> int:
    """Return how long a line of figures is: after each five, there is a gap to count by."""
    return figures * _SIZE + (figures - 1) // _BLOCK * _GAP


def _middle(place: int) -> int:
    return place * _SIZE + place // _BLOCK * _GAP + _SIZE // 2
