"""What experts with a preview link are told as well, so that it is translated for readers."""

from django.utils.translation import gettext_lazy as _

WRITE_SOMETHING = _("Write your comment.")
COMMENT_TOO_LONG = _("A comment can have %(most)s characters.")
NO_SUCH_PASSAGE = _("This passage isn’t in that version. Open the page again and choose a passage.")
QUOTE_NOT_THERE = _("The words you quote aren’t in this passage. Correct them, or leave them out.")
QUOTE_TOO_LONG = _("A quotation can have %(most)d characters.")
GIVE_NAME = _("Give your name.")
NAME_TOO_LONG = _("A name can have %(most)d characters.")
LINK_ENDED = _("This link has expired or was revoked, so your comment wasn’t sent.")
LINK_FULL = _("This link takes no more comments. Please write to whoever sent it to you.")
