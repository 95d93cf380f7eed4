"""Words of the frame around every staff page: its navigation and its account menu."""

from django.utils.translation import gettext_lazy as _

START = _("Start")

# --- Pages ----------------------------------------------------------------------------------------

REQUESTS = _("Requests")
ENTER = _("Enter a request")
CRISIS_SCRIPTS = _("Crisis scripts")
TASKS = _("Tasks")
TEAM = _("Our team")
REPLIES = _("Canned replies")
LEAD_PAGE = _("Lead page")
REPORTS = _("Reports")
ABSENCES = _("Absences")
SERVICE_LEVELS = _("Service levels")
CALENDARS = _("Calendars")
DANGER_PHRASES = _("Danger phrases")
EDIT_SCRIPTS = _("Edit crisis scripts")
BURSTS = _("Bursts and crowds")
CHECKLISTS = _("Checklists")
DIRECTORY = _("Directory for referrals")
AUDIT_TRAIL = _("Audit trail")
WHO_READ_WHAT = _("Who read what")
ARTICLES = _("Articles")
REVIEW_LIST = _("Review list")
CHANGES = _("Changes to approve")
REFERENCES = _("References")
GLOSSARY = _("Glossary")
PICTURES = _("Pictures")
SYNONYMS = _("Search synonyms")
MISSED_SEARCHES = _("Searches without results")
CATEGORIES = _("Categories")
IMPORT_REFERENCES = _("Import references")
COMPONENTS = _("Page components")
ACCOUNTS = _("Accounts")
COLLEAGUES = _("Coordinators’ accounts")

# --- The account menu -----------------------------------------------------------------------------

SECURITY = _("Account security")
LANGUAGES = _("Your languages and topics")
DAYS_AWAY = _("Your days away")
SHIFT = _("Shift hand-over")
CALENDAR = _("Your calendar")
WEBSITE = _("View the website")
SUPERUSER = _("Superuser")
NO_ROLE = _("No role yet")

# --- The page of components -----------------------------------------------------------------------

EXAMPLE_NAME = _("Your name")
EXAMPLE_HINT = _("A hint says what to type.")
EXAMPLE_CHOICE = _("How should we contact you?")
EXAMPLE_PHONE = _("By phone")
EXAMPLE_EMAIL = _("By email")
EXAMPLE_CHECKBOX = _("I agree")
EXAMPLE_ARTICLE = _("Another article")
EXAMPLE_SOURCE = _("The title of a source")
EXAMPLE_TERM = _("Something without a medicine in it.")
EXAMPLE_POINT = _("A point with a source")
EXAMPLE_OTHER_POINT = _("Another point.")
