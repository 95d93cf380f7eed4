"""Build the site's font files again: `make fonts`, after a change to what is listed here.

The sources have hundreds of letters, and weights that no page uses. What is kept: the letters of
our two languages, the weights of the styles, and the kerning that people can see.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.varLib import instancer

FONTS = Path(__file__).parents[1] / "portal/static/portal/fonts"
ASCII = "".join(map(chr, range(0x20, 0x7F)))
SPANISH = "ÁÉÍÑÓÚÜáéíñóúü¡¿«»"
MARKS = "\u00a0–—‘’“”…"
#: Left out of headings.
SIGNS = "•·©ªº±²³°×\u2212€™"
RARE_IN_HEADINGS = str.maketrans("", "", r"[\]^_`{|}~<>@*=")
#: For people's names in running text: French, Haitian, Portuguese, German.
NAMES = "àâãäçèêëìîïòôõöùû"
#: A fraction of the font size: kerning below it is a quarter of a pixel in our largest heading.
LEAST_KERNING = 1 / 100


def main() -> None:
    sources = Path(sys.argv[1])
    sans = TTFont(
        sources / "@fontsource-variable/atkinson-hyperlegible-next/files"
        "/atkinson-hyperlegible-next-latin-wght-normal.woff2",
        recalcTimestamp=False,
    )
    _keep(sans, ASCII + SPANISH + MARKS + SIGNS + NAMES, ["kern", "tnum"])
    sans = instancer.instantiateVariableFont(sans, {"wght": (400, 700)})
    _save(sans, "atkinson-hyperlegible-next.woff2")
    serif = TTFont(
        sources / "@expo-google-fonts/newsreader/600SemiBold/Newsreader_600SemiBold.ttf",
        recalcTimestamp=False,
    )
    _keep(serif, ASCII.translate(RARE_IN_HEADINGS) + SPANISH + MARKS, ["kern", "liga"])
    # Its grid of 2000 units is finer than any screen's, and makes each number of an outline longer.
    scale_upem(serif, 600)
    _save(serif, "newsreader-600.woff2")


def _keep(font: TTFont, letters: str, features: list[str]) -> None:
    subsetter = subset.Subsetter(subset.Options(layout_features=features, hinting=False))
    subsetter.populate(text=letters)
    subsetter.subset(font)


def _save(font: TTFont, name: str) -> None:
    least = LEAST_KERNING * font["head"].unitsPerEm
    for value in _kerning(font):
        if abs(value.XAdvance) < least:
            value.XAdvance = 0
            if hasattr(value, "XAdvDevice"):
                value.XAdvDevice = None
    font.flavor = "woff2"
    font.save(FONTS / name)
    sys.stdout.write(f"{name}: {(FONTS / name).stat().st_size} bytes\n")


def _kerning(font: TTFont) -> Iterator[Any]:
    """Yield the spacing between pairs of letters, and between groups of them."""
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in (getattr(each, "ExtSubTable", each) for each in lookup.SubTable):
            for row in table.PairSet if table.Format == 1 else table.Class1Record:
                pairs = row.PairValueRecord if table.Format == 1 else row.Class2Record
                for pair in pairs:
                    if pair.Value1 and getattr(pair.Value1, "XAdvance", None) is not None:
                        yield pair.Value1


if __name__ == "__main__":
    main()
