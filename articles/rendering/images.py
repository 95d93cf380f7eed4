"""Pictures from the library, in the best type and size for each browser, with their credit."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.rendering import words
from articles.rendering.library_snapshot import Picture

#: The width at which it is shown (portal/static/portal/css/content.css).
_SIZES = "(min-width: 62rem) 40rem, calc(100vw - 2rem)"


def render_image(picture: Picture, *, alt: str, caption: str = "", is_alone: bool) -> SafeString:
    """Return a figure if it stands alone; else the same from elements that are allowed in text."""
    image = format_html(
        '<picture>{}<img src="{}" alt="{}" width="{}" height="{}" loading="lazy"'
        ' decoding="async"></picture>',
        format_html_join(
            "",
            '<source type="{}" srcset="{}" sizes="{}">',
            ((kind, srcset, _SIZES) for kind, srcset in picture.srcsets.items()),
        ),
        picture.src,
        alt,
        picture.width,
        picture.height,
    )
    credit = words.picture_credit(picture.credit) if picture.credit else ""
    said = " ".join(each for each in (caption, credit) if each)
    figure, figcaption = ("figure", "figcaption") if is_alone else ("span", "small")
    below = format_html("<{}>{}</{}>", figcaption, said, figcaption) if said else SafeString()
    return format_html('<{} class="picture">{}{}</{}>', figure, image, below, figure)
