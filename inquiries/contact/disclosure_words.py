"""What `disclosure` tells the coordinator. For what is said to the sender, see `spoken_words`."""

from django.utils.translation import gettext_lazy as _

# --- To the coordinator: about a sentence ---------------------------------------------------------

LEAVE_NO_MESSAGE = _("Hang up without saying anything. The sender does not want a message.")
ONLY_A_NAME = _("Don’t say the clinic’s name or why you’re calling.")
NO_CLINIC_PHONE = _("No clinic phone is set, so there is no number to leave.")
NO_TOPIC = _("Don’t mention the topic or anything about health.")
IF_THEY_ASK_WHO = _(
    "If they ask who you are, give your first name and say you’ll call again. Nothing else."
)
WRITE_INSTEAD = _("Use “Write to the sender”. The email says only that there is a reply.")
THROUGH_INTERPRETER = _("Have the interpreter say it in %(language)s.")
THEIR_LANGUAGE = _("the sender’s language")

# --- To the coordinator: who may be on the line ---------------------------------------------------

#: Required before health is discussed (45 CFR 164.514(h)). How it was done is recorded with the
#: conversation; see `states.IdentityCheck`.
IDENTITY_CHECK = _(
    "Ask for the reference number, an email address or another phone number that we have, or what "
    "the request was about. Let them tell you, and never read it out. The number you called "
    "proves nothing: anyone who answers knows it."
)

SENDER = _("%(name)s, who contacted us")
SENDER_UNCONFIRMED = _("If they can’t confirm it, say only that you’ll call again.")
PATIENT = _("The patient")
NAMED_PATIENT = _("%(name)s, the patient")
COMPANION = _("A relative, caregiver, or interpreter the sender brought")
COMPANION_FIRST = _(
    "Speak with the sender first, and confirm who they are. Then ask whether this person may "
    "listen, and to what. Write the answer in a note."
)
COMPANION_MAY = _("What the sender agreed to, for as long as they agree.")
COMPANION_NEVER = _(
    "Without the sender on the line: nothing about health, and not that they contacted us."
)
STRANGER = _("A voice you don’t know")
STRANGER_FIRST = _("Ask for the sender by name.")
THIS_ONLY = _("This and nothing else:")
VOICEMAIL = _("The sender’s voicemail")
VOICEMAIL_FIRST = _("Listen to whose voicemail it is. If in doubt, hang up.")
NOTHING = _("Nothing.")
EMERGENCY = _("Emergency services or a crisis line, when someone is in danger")
EMERGENCY_FIRST = _("Don’t wait for anything above.")
EMERGENCY_MAY = _(
    "Who and where they are, what they said, and whatever is needed to find and help them."
)

# --- To the coordinator: what they may be told ----------------------------------------------------

FOR_SELF_MAY = _("What they asked about: choices, questions for a visit, where to find help.")
FOR_SELF_NEVER = _("No diagnosis, no treatment.")
NO_AUTHORITY_MAY = _(
    "What anyone can read in our articles, and how the patient can contact us directly."
)
NO_AUTHORITY_NEVER = _("Nothing about the patient, and not whether we know them.")
ASKED_MAY = _(
    "What anyone can read in our articles. More once the patient has told us directly that they "
    "agree, and to what."
)
ASKED_NEVER = _("Until then, nothing the patient told us.")
GUARDIAN_MAY = _(
    "What anyone can read in our articles, and what the sender told us. More once the privacy "
    "officer has confirmed their right to ask."
)
GUARDIAN_NEVER = _(
    "Until then, nothing from the patient’s records. A young person may have a right to keep some "
    "care private."
)
REPRESENTATIVE_MAY = _(
    "What anyone can read in our articles, and what the sender told us. More once the privacy "
    "officer has seen the document that gives them the right."
)
REPRESENTATIVE_NEVER = _("Until then, nothing from the patient’s records.")

UNAWARE_FIRST = _("Don’t call the patient. They don’t know about this request.")
UNAWARE_MAY = _("If they call us: what they ask for, as a request of their own.")
UNAWARE_NEVER = _("Not that there is a request, who made it, or what it says.")
AWARE_FIRST = _(
    "The sender says the patient knows. Confirm the patient’s identity as you would anyone’s, ask "
    "whether they wanted this, and write it in a note."
)
AWARE_MAY = _("If they did: what they ask about. Also ask what we may tell the sender.")
AWARE_NEVER = _("If they did not: nothing about the request.")
GUARDED_FIRST = _("Ask for the parent or guardian.")
GUARDED_MAY = _("That you’ll call again.")
GUARDED_NEVER = _(
    "Nothing about health without the guardian. If the young person wants to talk alone, ask the "
    "privacy officer first."
)
REPRESENTED_FIRST = _(
    "Ask for the representative. If the patient wants to talk, confirm their identity as you "
    "would anyone’s."
)
REPRESENTED_MAY = _(
    "What they ask about themselves. Having someone who decides for them does not shut them out."
)
REPRESENTED_NEVER = _("Not what the representative told us.")
