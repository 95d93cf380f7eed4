"""Why a file cannot be used as a picture, in sentences for the editor."""

from django.utils.translation import gettext_lazy as _

TOO_LARGE = _("“%(name)s” is %(size)s MB. The limit is %(most)d MB.")
WRONG_FORMAT = _("“%(name)s” isn’t a JPEG, PNG, or WebP picture. Save it in one of these formats.")
TOO_MANY_PIXELS = _(
    "“%(name)s” is %(width)s × %(height)s pixels, %(millions)s million. "
    "The limit is %(most)d million."
)
EVEN_MORE_PIXELS = _("“%(name)s” has too many pixels. The limit is %(most)d million.")
DAMAGED = _("“%(name)s” is damaged or incomplete.")
ANIMATED = _("“%(name)s” is animated. Use a still picture.")
TOO_SMALL = _("“%(name)s” is %(width)s pixels wide. It has to be at least %(least)d.")
TOO_THIN = _(
    "“%(name)s” is %(width)d × %(height)d pixels, which is too long and thin. One side can be at "
    "most %(times)d times the other. Crop it or split it up."
)
ODD_JPEG = _("“%(name)s” has an unusual structure. Open it and save it again as JPEG.")
