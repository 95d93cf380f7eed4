"""What a coordinator says to the sender or leaves as a message, in the sender's language.

Each sentence is rendered twice: in the request's language and in English. None names a disease, and
only those whose names start with `IDENTIFY` name the clinic.
"""

from django.utils.translation import gettext_lazy as _

CALL_BACK = _("Hello, this is %(caller)s. Please call me back at %(phone)s. Thank you.")
CALL_AGAIN = _("Hello, this is %(caller)s. I’ll call again later. Thank you.")
IDENTIFY_AND_CALL_BACK = _(
    "Hello, this is %(caller)s, a Care Coordinator at %(clinic)s. You asked us to contact you. "
    "Please call me back at %(phone)s. Thank you."
)
IDENTIFY_AND_CALL_AGAIN = _(
    "Hello, this is %(caller)s, a Care Coordinator at %(clinic)s. You asked us to contact "
    "you. I’ll call again later. Thank you."
)
GIVE_REFERENCE = _("We have your request. Your reference number is %(reference)s.")
ASK_FOR_THEM = _("Hello, may I speak with %(name)s, please? – Thank you. I’ll try again later.")
