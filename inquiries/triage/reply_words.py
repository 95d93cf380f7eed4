"""What staff who write or use canned replies read about them."""

from django.utils.translation import gettext_lazy as _

#: Placeholders that can be used in braces, and what each is replaced with.
PLACEHOLDERS = {
    "name": _("the sender’s name"),
    "reference": _("the reference number"),
    "coordinator": _("your name, as the sender sees it"),
    "clinic": _("the clinic’s name"),
    "phone": _("the clinic’s phone number"),
}
UNKNOWN_PLACEHOLDER = _("%(name)s is not a known placeholder. You can use: %(known)s.")
NO_CLINIC_PHONE = _("This clinic has no phone number (CLINIC_PHONE) to put in place of {phone}")
LONE_BRACE = _("There is a single brace. They come in pairs, around one of these: %(known)s.")
