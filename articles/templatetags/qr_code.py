"""The QR code on a printed page, which leads from paper back to the page."""

from functools import lru_cache

import segno
from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=256)
def qr_code(address: str) -> SafeString:
    """Return the address as a drawing, hidden from screen readers: it stands next to it in words.

    Level M can still be read when a seventh of it is stained, folded, or badly copied. The sheet
    around it is white, so the quiet zone of ISO/IEC 18004 is a margin.
    """
    drawing = segno.make(address, error="M", boost_error=False, micro=False).svg_inline(
        border=0, omitsize=True, svgclass="qr-code", lineclass=None
    )
    hidden = drawing.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    return mark_safe(hidden)  # noqa: S308 - numbers, and the words above
