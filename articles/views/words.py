"""What readers see where an address has no page."""

from django.utils.translation import gettext_lazy as _

PICTURE_GONE = _("We removed this picture.")
