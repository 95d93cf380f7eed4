"""What the private page says of what happened, in sentences. `who`: the name of one of us."""

from django.utils.translation import gettext_lazy as _

from inquiries.models import ContactMethod, Event
from inquiries.states import AttemptResult, WaitReason

Kind = Event.Kind

TRIED = {
    ContactMethod.PHONE: _("%(who)s called you."),
    ContactMethod.TEXT: _("%(who)s sent you a text message."),
    ContactMethod.EMAIL: _("%(who)s emailed you."),
}
TRIED_SOMEHOW = _("%(who)s tried to reach you.")
SPOKE = {
    ContactMethod.PHONE: _("%(who)s spoke with you on the phone."),
    ContactMethod.TEXT: _("You and %(who)s exchanged text messages."),
    ContactMethod.EMAIL: _("You and %(who)s exchanged emails."),
}
SPOKE_SOMEHOW = _("%(who)s spoke with you.")
ATTEMPT_RESULTS = {
    AttemptResult.SPOKE: _("You spoke with each other."),
    AttemptResult.LEFT_WORD: _("We left a message, as you allowed."),
    AttemptResult.NOBODY: _("No one answered."),
    AttemptResult.SOMEBODY_ELSE: _("Someone else answered. We said nothing about your health."),
    AttemptResult.WRONG: _("The number or address did not work. Please check it."),
}
WAITS = {
    WaitReason.ASKED: _("%(who)s put it on hold until %(when)s, as you asked."),
    WaitReason.OTHERS: _(
        "%(who)s put it on hold until %(when)s, because someone else has to answer us first."
    ),
    WaitReason.PAPERS: _(
        "%(who)s put it on hold until %(when)s, because you wanted to find or send something first."
    ),
}
#: What one of us did; `HAPPENED` where nobody of us did it.
DONE = {
    Kind.RECEIVED: _("%(who)s took your request."),
    Kind.ADDED: _("%(who)s changed your contact details, as you told us."),
    Kind.CLAIMED: _("%(who)s is now working on it."),
    Kind.TAKEN_OVER: _("%(who)s is now working on it."),
    Kind.RELEASED: _("%(who)s gave it back to our team for someone else to take."),
    Kind.REASSIGNED: _("%(who)s passed it to a colleague."),
    Kind.WOKEN: _("%(who)s picked it up again."),
    Kind.CLOSED: _("%(who)s closed it."),
    Kind.REOPENED: _("%(who)s reopened it."),
    Kind.LINK_ASKED: _("%(who)s asked for a new private link for you."),
}
HAPPENED = {
    Kind.RECEIVED: _("You sent it."),
    Kind.ADDED: _("You changed what you told us."),
    # Not what was sent: it may be about somebody else.
    Kind.UNPROVEN: _(
        "Your form was sent again with different words, from a browser that did not show that it "
        "was you. Nothing was changed. We’ll ask you about it."
    ),
    Kind.CLAIMED: _("Someone at our clinic is now working on it."),
    Kind.TAKEN_OVER: _("Someone at our clinic is now working on it."),
    Kind.RELEASED: _("It went back to our team for someone else to take."),
    Kind.REASSIGNED: _("It was passed to a colleague."),
    Kind.WOKEN: _("We picked it up again."),
    Kind.CLOSED: _("It was closed."),
    Kind.REOPENED: _("It was reopened."),
    Kind.LINK_ASKED: _("You asked for a new private link."),
    Kind.LINKED: _("A private link was made for you."),
    Kind.UNLINKED: _("All private links were turned off."),
    Kind.LINKS_ENDED: _(
        "Your private links were turned off, because someone entered the wrong details too many "
        "times."
    ),
    Kind.UNDELIVERED: _("We could not deliver an email to you. Please check your email address."),
}
WITHDRAWN = _("You canceled it.")
JUDGED = {
    True: _("You told us that we answered your question."),
    False: _("You told us that we didn’t answer your question."),
}
YOU = _("You")
OUR_CLINIC = _("Our clinic")

#: Said at the top of the page after a step, by the word that the address carries.
DONE_MESSAGES = {
    "written": _("We have your message. A Care Coordinator will read it."),
    "saved": _("Saved. We’ll contact you this way."),
    "address": _("Thank you. Now we know that your email address is right."),
    "withdrawn": _("We canceled your request. We won’t contact you about it."),
    "yes": _("Thank you for telling us."),
    "no": _("Thank you for telling us. We’ll try again. Please tell us below what is missing."),
}
WRONG_DETAIL = _("That doesn’t match. Please try again or call us")
