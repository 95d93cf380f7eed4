"""Text of the private page that no template can hold. `who`: the name of a staff member."""

from django.utils.translation import gettext_lazy as _

from inquiries.models import BounceReason, ContactMethod, Delivery, Event, Helped
from inquiries.states import AttemptResult, EmergencyHelp, ErasureReason, State, WaitReason

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
    AttemptResult.SPOKE: _("You spoke with them."),
    AttemptResult.LEFT_WORD: _("We left a message, as you said we could."),
    AttemptResult.NOBODY: _("No one answered."),
    AttemptResult.SOMEBODY_ELSE: _("Someone else answered. We said nothing about your health."),
    AttemptResult.WRONG: _("The number or address didn’t work. Please check it."),
}
WAITS = {
    WaitReason.ASKED: _("%(who)s put it on hold until %(when)s, as you asked."),
    WaitReason.OTHERS: _(
        "%(who)s put it on hold until %(when)s, because we need to hear from someone else first."
    ),
    WaitReason.PAPERS: _(
        "%(who)s put it on hold until %(when)s, because you wanted to find or send something first."
    ),
}
#: What a staff member did; `HAPPENED` is used if none of them did it.
DONE = {
    Kind.RECEIVED: _("%(who)s wrote down your request."),
    Kind.ADDED: _("%(who)s changed your contact details, as you asked."),
    Kind.CLAIMED: _("%(who)s is now working on it."),
    Kind.TAKEN_OVER: _("%(who)s is now working on it."),
    Kind.RELEASED: _("%(who)s gave it back to our team for someone else to take."),
    Kind.REASSIGNED: _("%(who)s passed it to a colleague."),
    Kind.WOKEN: _("%(who)s picked it up again."),
    Kind.CLOSED: _("%(who)s closed it."),
    Kind.REOPENED: _("%(who)s reopened it."),
    Kind.DUPLICATE_UNDONE: _("%(who)s is handling it separately again."),
    Kind.LINK_ASKED: _("%(who)s asked for a new private link for you."),
}
HAPPENED = {
    Kind.RECEIVED: _("You sent it."),
    Kind.ADDED: _("You changed what you told us."),
    # Without what was sent, which may be about somebody else.
    Kind.UNPROVEN: _(
        "Your form was sent again with changes. We couldn’t be sure it was you, so we "
        "didn’t change anything. We’ll ask you about it."
    ),
    Kind.CLAIMED: _("Someone at our clinic is now working on it."),
    Kind.TAKEN_OVER: _("Someone at our clinic is now working on it."),
    Kind.RELEASED: _("It went back to our team for someone else to take."),
    Kind.REASSIGNED: _("It was passed to a colleague."),
    Kind.WOKEN: _("We picked it up again."),
    Kind.CLOSED: _("It was closed."),
    Kind.REOPENED: _("It was reopened."),
    Kind.DUPLICATE_UNDONE: _("It’s being handled separately again."),
    Kind.LINK_ASKED: _("You asked for a new private link."),
    Kind.LINKED: _("A private link was made for you."),
    Kind.UNLINKED: _("All private links were turned off."),
    Kind.LINKS_ENDED: _(
        "Your private links were turned off, because someone entered the wrong details too many "
        "times."
    ),
    Kind.UNDELIVERED: _("We couldn’t deliver an email to you. Please check your email address."),
}
#: If the address itself may be right.
CAME_BACK = {
    BounceReason.FULL: _("An email to you came back, because your inbox is full."),
    BounceReason.BLOCKED: _("An email to you came back, because your mail service blocked it."),
}
WITHDRAWN = _("You canceled it.")
JUDGED = {
    True: _("You told us that we answered your question."),
    False: _("You told us that we didn’t answer your question."),
}
HELPED = {
    Helped.YES: _("You told us that this helped."),
    Helped.PARTLY: _("You told us that this partly helped."),
    Helped.NO: _("You told us that this didn’t help."),
}
HELPED_ERASED = _("You told us whether this helped.")
YOU = _("You")
OUR_CLINIC = _("Our clinic")

#: Shown at the top of the page after a step, keyed by a word in the address.
DONE_MESSAGES = {
    "written": _("We have your message. A Care Coordinator will read it."),
    "saved": _("Saved. We’ll contact you this way."),
    "address": _("Thank you. Now we know that your email address is right."),
    "withdrawn": _("We canceled your request. We won’t contact you about it."),
    "yes": _("Thank you for telling us."),
    "helped": _("Thank you for telling us."),
    "no": _("Thank you for telling us. We’ll try again. Please tell us below what is missing."),
}

# --- What could not be taken ----------------------------------------------------------------------

WRONG_DETAIL = _("That doesn’t match. Please try again or call us")
UNCHECKED = _(
    "We couldn’t check that this came from our page, so nothing has been sent or changed yet. "
    "Please press the button again. If you see this message again, allow cookies for this site in "
    "your browser, or call us."
)
TOO_MANY_UNREAD = _(
    "You’ve sent us a lot that we haven’t read yet. We have all of that, but not what you just "
    "typed. Please send it after a Care Coordinator has read the rest, or call us."
)
#: Labels for typed text that a page gives back, keyed by field name.
TYPED = {
    "text": _("Your message"),
    "comment": _("What you wanted to add"),
    "reference": _("Your reference number"),
    "pronouns": _("Pronouns"),
    "phone": _("Phone number"),
    "email": _("Email address"),
    "never_contact": _("When or how not to contact you"),
    "interpreter_language": _("Interpreter’s language"),
}

# --- All we have, to take away --------------------------------------------------------------------

#: Labels in the copy for each value of the download. A test fails if one has no label.
COPY_NAMES = {
    "reference": _("Your reference number"),
    "state": _("Status"),
    "outcome": _("How it ended"),
    "received_at": _("Received"),
    "we_try_by": _("We’ll try to reach you by"),
    "you_agreed_to": _("What you agreed to"),
    "topic": _("Topic"),
    "article": _("The article you were reading"),
    "may_be_urgent": _("Has words that may mean danger"),
    "relation": _("Who is this about?"),
    "full_name": _("Your name"),
    "pronouns": _("Pronouns"),
    "patient_name": _("The patient’s name"),
    "authority": _("Does the patient know you’re contacting us?"),
    "contact_method": _("Contact me by"),
    "phone": _("Phone number, as you typed it"),
    "phone_e164": _("Phone number, as we dial it"),
    "phone_numbers": _("Phone numbers we found in it"),
    "email": _("Email address"),
    "email_checked": _("You told us your email address is right"),
    "shared_phone": _("Other people use or answer this phone"),
    "shared_email": _("Other people can read this inbox"),
    "voicemail": _("If we reach your voicemail"),
    "best_time": _("Best time to reach you"),
    "time_zone": _("Your time zone"),
    "never_contact": _("Do not contact me"),
    "language": _("Language you want to speak"),
    "interpreter": _("You would like an interpreter"),
    "interpreter_language": _("Interpreter’s language"),
    "message": _("Your message"),
    "consent_version": _("Version of what you agreed to"),
}
#: Use only letters, digits, and hyphens.
FILE_NAME = _("my-request.json")
YES, NO = _("Yes"), _("No")
#: Quarantined reads the same as new, because spam signals are for staff only.
STATES = {
    State.QUARANTINED: _("Waiting for a Care Coordinator"),
    State.NEW: _("Waiting for a Care Coordinator"),
    State.CLAIMED: _("A Care Coordinator is working on it"),
    State.CONNECTED: _("You and a Care Coordinator have spoken"),
    State.WAITING: _("On hold"),
    State.CLOSED: _("Closed"),
    State.ERASED: _("Erased"),
}
MAILS = {
    Delivery.Kind.ACKNOWLEDGEMENT: _("We have your request"),
    Delivery.Kind.REPLY: _("We sent you a message"),
    Delivery.Kind.LINK: _("Your private link"),
    Delivery.Kind.CHANGED: _("Your contact details were changed"),
    Delivery.Kind.ENDED: _("Your private link was turned off"),
}
MAIL_STATES = {
    Delivery.State.WAITING: _("Not sent yet"),
    Delivery.State.SENT: _("Sent"),
    Delivery.State.FAILED: _("Could not be delivered"),
    Delivery.State.DROPPED: _("Not sent, because it was no longer needed"),
}
#: What the page itself does not list as an event.
ONLY_IN_COPY = {
    Kind.READ: _("%(who)s opened it."),
    Kind.WROTE: _("You wrote to us."),
    Kind.REPLIED: _("%(who)s wrote to you."),
    Kind.NOTED: _("%(who)s added a note for colleagues."),
    Kind.OFFERED: _("%(who)s asked a colleague to take it over."),
    Kind.OFFER_ENDED: _("%(who)s ended that offer."),
    Kind.LEAD_ASKED: _("%(who)s asked a lead coordinator about it."),
    Kind.GRADED: _("%(who)s decided how soon we should contact you."),
    Kind.ESCALATED: _("We were late, so we told our lead coordinators."),
    Kind.DUPLICATE_LINKED: _("%(who)s linked it to another request from you."),
    Kind.DUPLICATE_UNLINKED: _("%(who)s removed a link to another request."),
    Kind.DUPLICATE_ADDED: _("%(who)s put another request from you together with this one."),
    Kind.DUPLICATE_REMOVED: _("%(who)s is handling another request from you separately again."),
    Kind.TASKS_ADDED: _("%(who)s wrote down what we still have to do."),
    Kind.TASK_SETTLED: _("%(who)s changed the list of what we still have to do."),
    Kind.TASK_GIVEN: _("%(who)s changed the list of what we still have to do."),
    Kind.TASK_DUE: _("We were reminded of something we have to do."),
    Kind.REFERRED: _("%(who)s passed your question on to a clinician or another service."),
    Kind.REFERRAL_ANSWERED: _("%(who)s checked whether it arrived there."),
}
HANDED_OVER = {
    EmergencyHelp.SERVICES: _("%(who)s brought in emergency services to help you."),
    EmergencyHelp.CRISIS_LINE: _("%(who)s brought in a crisis line to help you."),
    EmergencyHelp.CLINICIAN: _("%(who)s brought in one of our clinicians to help you."),
}
ERASED = {
    ErasureReason.SENDER: _("It was erased because you erased it on this page."),
    ErasureReason.ASKED: _("It was erased because you asked us to."),
    ErasureReason.MISTAKE: _("It was erased because it was sent to us by mistake."),
    ErasureReason.RETENTION: _("It was erased because we aren’t allowed to keep it any longer."),
    ErasureReason.KEY_LOST: _(
        "It was lost because of a technical fault of ours, and nobody can read it anymore. We’re "
        "sorry. If you still need us, please send us a new request, or call us."
    ),
}
