"""Text for readers at addresses without a page."""

from django.utils.translation import gettext_lazy as _

PICTURE_GONE = _("We removed this picture.")
