"""Settings, safe for production by default.

Everything an operator may set is an environment variable, listed with its default in
docs/operations/settings.md.
"""

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from django.urls import reverse_lazy

from inquiries.outcomes import Outcome
from portal.config import addresses, environment
from portal.config.clinic import Clinic

# Lets classes such as ModelAdmin name their model: class ArticleAdmin(ModelAdmin[Article]).
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

DATA_DIR = environment.data_dir()
environment.keep_private(DATA_DIR)
environment.load_demo_file(DATA_DIR)

SECRET_KEY = environment.required(
    "SECRET_KEY",
    "Set it to 50 or more random characters and keep it secret; `make demo` makes its own, and "
    "`python -m portal.config.new_secrets FILE` writes one into a new file of settings.",
)
# They protect the keys of all requests: losing them means losing every request.
FIELD_KEYS = environment.keys(
    "FIELD_KEYS",
    "Set it to keys of 32 random bytes in URL-safe base64, newest first, separated by commas; "
    "`python -m portal.config.new_secrets FILE` writes one into a new file of settings. Keep them "
    "away from the server and its backups too (docs/security.md).",
)
DEBUG = environment.flag("DEBUG", default=False)
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS")

# Off only where HTTPS is not available: the demo and the tests on this machine.
HTTPS = environment.flag("PORTAL_HTTPS", default=True)

# The first has no prefix in addresses: portal/http/language.py. Each is named in its own language.
LANGUAGES = [("en", "English"), ("es", "Español")]
LANGUAGE_CODE = LANGUAGES[0][0]
CLINIC = Clinic.from_environment(code for code, _ in LANGUAGES[1:])

# --- Applications ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "portal.apps.StaffAdminConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "crispy_forms",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "portal.apps.StaticFilesConfig",
    "articles",
    "inquiries",
    "portal",
    # After portal, so that portal's commands of the same names take precedence.
    "django.contrib.auth",
    "django.contrib.sessions",
]
# A development dependency, and only for commands.
if Path(sys.argv[0]).name == "manage.py" and find_spec("django_linear_migrations"):
    INSTALLED_APPS.append("django_linear_migrations")

MIDDLEWARE = [
    "portal.http.logs.RequestLogMiddleware",
    "portal.http.language.LanguageMiddleware",
    "portal.http.headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "portal.http.limits.RequestLimitsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.http.headers.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.SignInMiddleware",
    "portal.http.limits.RateLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.http.context_processors.clinic",
                "portal.http.context_processors.languages",
                "portal.http.context_processors.request_number",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "forms"
CRISPY_TEMPLATE_PACK = "forms"
CRISPY_FAIL_SILENTLY = False

# --- Database -------------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **addresses.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'portal.sqlite3'}"),
        "CONN_HEALTH_CHECKS": True,
    }
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Opening the file and setting its PRAGMAs costs more than a page's queries.
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["OPTIONS"] = {
        # A write takes its lock at the start, so that two writers wait instead of failing.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: what was acknowledged survives a power cut.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            # Erased data is overwritten in the file, not just unlinked.
            "PRAGMA secure_delete=ON;"
        ),
    }
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["ENGINE"] = "portal.database"  # the same, behind a circuit breaker
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # the pool keeps them; the two exclude each other
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = False  # portal.database does them
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": environment.number("PORTAL_DATABASE_POOL", 8),
        "timeout": 5,
        # The pool doubles its wait after each failed attempt: it has to start over soon, or the
        # site would stay down for minutes after the database is back.
        "reconnect_timeout": 2,
    }
    # Behind a pooler that gives each transaction another connection, no cursor outlives its own.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = environment.flag(
        "PORTAL_TRANSACTION_POOLER", default=False
    )
    # A machine that is gone does not even refuse a connection.
    for name, value in {
        "connect_timeout": 3, "keepalives_idle": 10, "keepalives_interval": 5,
        "keepalives_count": 3, "tcp_user_timeout": 20_000,
    }.items():  # fmt: skip
        DATABASES["default"]["OPTIONS"].setdefault(name, value)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Requests: how long they are kept, what is written down outside the database ------------------

# Days by outcome, from the day of closing. Importing the outcomes needs no settings.
RETENTION_DAYS = environment.numbers(
    "PORTAL_RETENTION_DAYS", {outcome.value: outcome.end.kept_days for outcome in Outcome}
)
# Where requests wait, sealed, while the database cannot accept them.
SPOOL_DIR = environment.text("PORTAL_SPOOL", str(DATA_DIR / "spool"))
# Touched by the backup job after each good backup: `manage.py doctor` looks at its time.
BACKUP_MARK = environment.text("PORTAL_BACKUP_MARK")
# Sealed lines outside the database, for after a restore; kept for as many days as backups are.
JOURNAL_DIR = environment.text("PORTAL_JOURNAL", str(DATA_DIR / "journal"))
JOURNAL_DAYS = environment.number("PORTAL_JOURNAL_DAYS", 35)
# Years until an entry of the audit trail is deleted; the database refuses less than six.
AUDIT_YEARS = environment.number("PORTAL_AUDIT_YEARS", 6, least=6, most=100)
ANCHORS_FILE = environment.text("PORTAL_ANCHORS", str(DATA_DIR / "anchors.jsonl"))

# --- Mail to the senders of requests: inquiries/worker/mailer.py ----------------------------------

# Most confirmations to send in an hour; the others wait: inquiries/mail/brake.py.
CONFIRMATIONS_PER_HOUR = environment.number("PORTAL_CONFIRMATIONS_PER_HOUR", 1000)

# Without a mail server, mails wait, and /healthz/ready says so.
EMAIL_IS_SET = bool(environment.text("EMAIL_URL"))
(
    EMAIL_BACKEND, EMAIL_FILE_PATH, EMAIL_HOST, EMAIL_PORT,
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_USE_TLS, EMAIL_USE_SSL,
) = addresses.mail("EMAIL_URL")  # fmt: skip
EMAIL_TIMEOUT = 20
_FIRST_HOST = ALLOWED_HOSTS[0].lstrip(".*") if ALLOWED_HOSTS else "localhost"
DEFAULT_FROM_EMAIL = environment.text("PORTAL_MAIL_FROM", f"no-reply@{_FIRST_HOST}")
# Where mail that can't be delivered comes back to, and how it is read: inquiries/mail/bounces.py.
RETURN_ADDRESS = addresses.return_address("PORTAL_BOUNCES")
BOUNCE_MAILBOX = addresses.mailbox("PORTAL_BOUNCE_MAILBOX")
BOUNCE_SECRET = environment.secret("PORTAL_BOUNCE_SECRET")
# What comes before the path of a link in a mail.
PORTAL_URL = environment.text("PORTAL_URL", f"https://{_FIRST_HOST}").rstrip("/")
# Pages contain their own address, so they are cached only for hosts that are listed in full, and
# for no port that a visitor makes up.
CACHED_HOSTS = frozenset(
    {name for name in ALLOWED_HOSTS if name[:1] not in {"*", "."}} | {urlsplit(PORTAL_URL).netloc}
    # Someone working on a template wants to see it at once.
    if not DEBUG
    else ()
)
PAGE_CACHE_BYTES = environment.number("PORTAL_PAGE_CACHE_MB", 32) * 1_000_000
# Called by the worker after a change.
REMAKE_PAGES = "portal.page_cache.remaking.remake_pages"
# Called by the verbs of articles, which know no app above them.
QUEUE_ARTICLE_NOTICE = "inquiries.mail.staff_notices.queue_article_notice"

# --- Sources looked up by number: articles/library/lookup/ ----------------------------------------

# Off by default: a clinic decides which requests leave its network.
SOURCE_LOOKUP = environment.flag("PORTAL_SOURCE_LOOKUP", default=False)
LOOKUP_CROSSREF = addresses.web_address("PORTAL_LOOKUP_CROSSREF", "https://api.crossref.org")
LOOKUP_PUBMED = addresses.web_address("PORTAL_LOOKUP_PUBMED", "https://eutils.ncbi.nlm.nih.gov")
LOOKUP_TRIALS = addresses.web_address("PORTAL_LOOKUP_TRIALS", "https://clinicaltrials.gov")
# Whom those who run these services can write to if we ask too much.
LOOKUP_CONTACT = addresses.contact("PORTAL_LOOKUP_CONTACT", is_required=SOURCE_LOOKUP)

# --- Cache ----------------------------------------------------------------------------------------

CACHE_URL = environment.text("CACHE_URL")
CACHES: dict[str, dict[str, Any]] = {
    # Files are shared by all processes of one machine; several machines need Redis.
    "default": {
        "BACKEND": "portal.http.cache.FailSafeRedisCache",
        "LOCATION": CACHE_URL,
    }
    if CACHE_URL
    else {
        "BACKEND": "portal.http.cache.FailSafeFileCache",
        "LOCATION": str(DATA_DIR / "cache"),
    }
}
# Counts of what strangers do, and copies of public pages for when the database is down: kept apart,
# so that neither pushes out the other. Attempts to sign in are counted by the database.
for _name in ("counters", "pages"):
    CACHES[_name] = {
        **CACHES["default"],
        **({"KEY_PREFIX": _name} if CACHE_URL else {"LOCATION": str(DATA_DIR / _name)}),
    }

# --- Staff sign-in --------------------------------------------------------------------------------

# Off only in the demo: everywhere else a password alone opens nothing.
STAFF_MFA_REQUIRED = environment.choice("STAFF_MFA", ["required", "optional"]) == "required"
AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = ["portal.roles.RoleBackend"]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("admin:index")
ACCOUNT_LOGOUT_REDIRECT_URL = reverse_lazy("home")
ACCOUNT_ADAPTER = "portal.accounts.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# Seconds for which a sign-in counts as recent: portal/accounts/reauthentication.py.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.SignInForm",
    "change_password": "portal.accounts.forms.NewPasswordForm",
}
MFA_ADAPTER = "portal.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Clocks differ: the codes before and after count too, each of them once.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "portal.accounts.forms.CodeForm",
    "reauthenticate": "portal.accounts.forms.ConfirmByCodeForm",
    "activate_totp": "portal.accounts.forms.SetUpAppForm",
    "add_webauthn": "portal.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "portal.accounts.forms.RenamePasskeyForm",
    "authenticate_webauthn": "portal.accounts.forms.PasskeyForm",
    "reauthenticate_webauthn": "portal.accounts.forms.ConfirmByPasskeyForm",
    "login_webauthn": "portal.accounts.forms.SignInByPasskeyForm",
}
# Hours that a browser may go without a code: a working day at most, 0 for never. Users opt in each
# time; an operator turns it off where computers are shared: docs/operations/settings.md.
TRUSTED_BROWSER_HOURS = environment.number("PORTAL_TRUSTED_BROWSER_HOURS", 10, most=12)
# The clinic's own identity provider (OpenID Connect), if it has one.
OIDC_SERVER_URL = environment.text("OIDC_SERVER_URL").rstrip("/")
OIDC_CLIENT_ID = OIDC_CLIENT_SECRET = ""
if OIDC_SERVER_URL:
    OIDC_CLIENT_ID = environment.required("OIDC_CLIENT_ID", "The identity provider gives it.")
    OIDC_CLIENT_SECRET = environment.required(
        "OIDC_CLIENT_SECRET", "The identity provider gives it."
    )
OIDC_NAME = environment.text("OIDC_NAME", "your work account")
# More origins that its sign-in leads the browser through, such as https://login.example.org.
OIDC_SIGN_IN_ORIGINS = environment.words("OIDC_SIGN_IN_ORIGINS")
# Whether its word that a second factor was shown there is enough (`amr`, RFC 8176).
OIDC_TRUST_MFA = environment.flag("OIDC_TRUST_MFA", default=False)
# Which classes of sign-in say so instead, if it uses them (`acr`, OpenID Connect Core 2).
OIDC_MFA_ACR = environment.words("OIDC_MFA_ACR")
SOCIALACCOUNT_ADAPTER = "portal.accounts.oidc.StaffSocialAccountAdapter"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "portal.accounts.passwords.StretchedPasswordValidator"},
]

# --- Wire -----------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]  # load balancers ask over HTTP, on an internal network
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
if environment.flag("PORTAL_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Otherwise all visitors share the proxy's address, and one person's guesses lock everybody out.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
# A browser accepts a name with __Host- only from this very host, over HTTPS and for the whole site:
# a neighbor's page cannot plant one. Without HTTPS it would accept none at all.
_HOST = "__Host-" if HTTPS else ""
SESSION_ENGINE = "portal.accounts.session_store"
SESSION_COOKIE_NAME = f"{_HOST}sessionid"
SESSION_COOKIE_SECURE = HTTPS
# Strict would withhold it when an identity provider sends back someone who has just signed in.
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 60 * 60
TRUSTED_BROWSER_COOKIE = f"{_HOST}trusted_browser"
CSRF_COOKIE_NAME = f"{_HOST}csrftoken"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # until the browser is closed: a device may be shared
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"
# In the session: a cookie of their own would keep what staff are told readable past sign-out.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # styles and fonts are only for our own pages
# How large and how often: portal/http/limits.py.
RATE_LIMITS_ENABLED = environment.flag("PORTAL_RATE_LIMITS", default=True)
# django-allauth counts in the cache, which forgets; our limits are counted by the database.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_600_000  # the largest that the limits let in
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
# Only those who may add images, references, or posts upload files, and only there; a visitor's
# would fill the disk. All forms but the one for posts take one file: portal/http/uploads.py.
DATA_UPLOAD_MAX_NUMBER_FILES = 50
FILE_UPLOAD_HANDLERS = [
    "portal.http.uploads.ExpectedUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Counts live as long as the longest window. In the file cache, each count restarts this time.
CACHES["counters"]["TIMEOUT"] = 900
# No page waits for a counter; and with Django's limit of 300 files, a few addresses would push out
# all others.
_REDIS = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
for _name, _most in (("default", 1000), ("counters", 3000), ("pages", 3000)):
    CACHES[_name]["OPTIONS"] = _REDIS if CACHE_URL else {"MAX_ENTRIES": _most}

# --- Language, time, files ------------------------------------------------------------------------

LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
FORMAT_MODULE_PATH = "portal.formats"
USE_TZ = True
# Staff see the clinic's time; patients' own time zones are kept with their requests.
TIME_ZONE = CLINIC.time_zone

# Where several machines serve the site, a folder that they share.
MEDIA_ROOT = environment.text("PORTAL_MEDIA", str(DATA_DIR / "media"))
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "images": {"BACKEND": "articles.images.storage.ImageStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Names contain a hash of the file's content: looking each one up again would take twice as long.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+\.[0-9a-f]{12}\.[a-z0-9]+$"

# --- Logs -----------------------------------------------------------------------------------------

# What a line contains, and which loggers write one: portal/http/logs.py.
LOGGING_CONFIG = "portal.http.logs.configure_logging"
LOGGING = {"level": "INFO"}

# --- Being watched: portal/watch/ -----------------------------------------------------------------

# Called by each process of the site, and by the worker.
START_WATCHING = "portal.watch.start_watching"
# Where Prometheus reads numbers, and who is told when something is wrong: off by default.
METRICS_ADDRESS = addresses.address("PORTAL_METRICS")
ALARM_URL = addresses.web_address("PORTAL_ALARM_URL")
# Who gets reports of errors, and times of answers; what they may say is in portal/http/logs.py.
ERRORS_DSN = addresses.web_address("SENTRY_DSN")
TRACES_ENDPOINT = addresses.web_address("OTEL_EXPORTER_OTLP_ENDPOINT")
# A process that nobody watches imports nothing for it.
IS_WATCHED = bool(METRICS_ADDRESS or ALARM_URL or ERRORS_DSN or TRACES_ENDPOINT)
