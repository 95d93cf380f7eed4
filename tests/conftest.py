"""What every test depends on: the environment of the settings, a database, the cast."""

import gc
import math
import os
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests import postgres
from tests.html_checker import validate_html

if TYPE_CHECKING:
    from portal.models import User

__all__ = ["validate_html"]  # a fixture for every test

NO_POSTGRESQL = pytest.StashKey[str]()

REPOSITORY = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql", "none"),
        default="sqlite",
        help="where the tests keep their data; PostgreSQL is the server of TEST_DATABASE_URL, "
        "or else one started for this run; none: only tests that don't run with PostgreSQL",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Prepare what the settings read, before pytest-django (which comes last) loads them."""
    if "workerinput" in vars(config):
        shared = Path(os.environ["PORTAL_DATA_DIR"])  # set by the controller that started us
        data = shared / os.environ["PYTEST_XDIST_WORKER"]
        data.mkdir()
    else:
        shared = data = Path(tempfile.mkdtemp(prefix="portal-tests-"))
        config.add_cleanup(lambda: shutil.rmtree(data, ignore_errors=True))
        _set_environment(config)
    os.environ["PORTAL_DATA_DIR"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"

    # No deadline, because the time of an example depends on what else the machine is doing.
    hypothesis.settings.register_profile("portal", deadline=None)
    hypothesis.settings.load_profile("portal")

    from django.conf import settings

    settings.STATIC_ROOT = shared / "static"
    # Fails a page that repeats a query for each item of a list.
    settings.INSTALLED_APPS.append("zeal")
    settings.MIDDLEWARE.insert(0, "zeal.middleware.zeal_middleware")
    # Signing out reads the session to open it, and again to end it: two reads, but not a loop.
    # One page may record two things: a factor was removed, and which sessions that ended.
    # Django's form for inline rows looks up each of them.
    # Logging a call is several steps, each of which reads the row that it locks.
    settings.ZEAL_ALLOWLIST = [
        *({"model": "sessions.Session"}, {"model": "inquiries.AuditTrail"}),
        *({"model": "inquiries.OpeningHours"}, {"model": "inquiries.SpecialDay"}),
        {"model": "inquiries.Inquiry", "field": "get()"},
    ]
    # Template coverage is read from template nodes, which know their lines only in debug mode.
    settings.TEMPLATES[0]["OPTIONS"]["debug"] = bool(config.option.cov_branch)
    # The real hashers take a third of a second for each sign-in.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if config.option.database != "postgresql":
        # A file, as in use: in memory, threads would share one connection and never collide.
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(data / "test.sqlite3")
    else:
        postgres.drop_test_databases_by_force()
        # Compressing them again takes five seconds; the tests over the network use SQLite.
        settings.STORAGES["staticfiles"]["BACKEND"] = (
            "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        )
    # A worker that inherited it would load the settings before it gets here, with the data folder
    # (and so the cache) of all the others, and without what is set above.
    del os.environ["DJANGO_SETTINGS_MODULE"]


def _set_environment(config: pytest.Config) -> None:
    """Set everything that the settings read, so that nothing of the developer's shell gets in."""
    for name in [*os.environ]:
        if name.startswith(("PORTAL_", "CLINIC_")):
            del os.environ[name]
    for name in ("CACHE_URL", "DEBUG", "EMAIL_URL"):
        os.environ.pop(name, None)
    # With it, every process that a test starts would compile all modules again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ |= {
        "SECRET_KEY": "for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz",
        "FIELD_KEYS": "Zm9yIHRlc3RzIG9ubHksIGFuZCBmb3Igbm90aGluZy4=",
        "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
        "PORTAL_HTTPS": "off",
        "STAFF_MFA": "optional",
        "DATABASE_URL": "",
    }
    if config.option.database == "postgresql":
        os.environ["DATABASE_URL"] = _postgresql(config)


def _postgresql(config: pytest.Config) -> str:
    if given := os.environ.get("TEST_DATABASE_URL"):
        return given
    lifetime = ExitStack()
    config.add_cleanup(lifetime.close)
    try:
        return lifetime.enter_context(postgres.running())
    except postgres.NotInstalledError:
        return "postgresql://not-installed"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.option.database != "sqlite":
        # Tests that use no database, or bring their own, would only run the same way twice.
        asks = config.option.database == "postgresql"
        config.hook.pytest_deselected(
            items=[item for item in items if _asks_the_database(item) != asks]
        )
        items[:] = [item for item in items if _asks_the_database(item) == asks]
    for item in items:
        if "new_database" in getattr(item, "fixturenames", ()):
            item.add_marker("django_db")  # otherwise there is no database if such a test runs alone
        if item.path.parent.name == "browser":
            # Playwright uses a greenlet, and tracing greenlets would slow down every test.
            item.add_marker("no_cover")
    if os.environ["DATABASE_URL"] == "postgresql://not-installed":
        for item in items:
            item.add_marker(pytest.mark.skip(reason="no PostgreSQL on this machine"))


def _asks_the_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("once") or "site" in fixtures:
        return False
    if item.path.parent.name == "browser" and item.path.stem != "test_journey":
        return False  # the look of a page does not depend on the database
    return bool(
        item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db", "live_server"}
    )


def pytest_sessionstart(session: pytest.Session) -> None:
    from tests import emptying  # Django cannot load any earlier

    emptying.install()
    _collect_static(session)
    _list_static_once()


def pytest_collection_finish() -> None:
    """Freeze what is imported by now: garbage collecting it took a tenth of the whole run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _collect_static(session: pytest.Session) -> None:
    """Collect the static files once, as an installation does: pages use their hashed names."""
    if "workerinput" not in vars(session.config):
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)


def _list_static_once() -> None:
    """Scan the static files once. Each test's client is a site of its own that would scan them
    again, which took a quarter of the whole run.
    """
    from whitenoise.base import WhiteNoise

    look_through = WhiteNoise.update_files_dictionary
    known: dict[str, dict[str, object]] = {}

    def take_what_is_known(self: WhiteNoise, root: str, prefix: str) -> None:
        if root not in known:
            look_through(self, root, prefix)
            known[root] = self.files.copy()
        self.files |= known[root]

    WhiteNoise.update_files_dictionary = take_what_is_known  # type: ignore[method-assign]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what did not run, and why, because a silent skip looks like a pass; print verdicts."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, said in getattr(report, "user_properties", []):
                if name == "verdict":
                    terminalreporter.section(report.nodeid)
                    terminalreporter.line(said)
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    if reasons:
        terminalreporter.section("Not run here")
    for reason, tests in sorted(reasons.items()):
        terminalreporter.line(f"{reason}: {tests} test{'s' if tests > 1 else ''}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """Return the path to a copy of the newly created database; on SQLite only."""
    from django.db import connection

    if connection.vendor != "sqlite":
        return None
    copy = tmp_path_factory.mktemp("database") / "new.sqlite3"
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as made:
        made.execute("VACUUM INTO ?", [str(copy)])
    return copy


@pytest.fixture(scope="session")
def new_database(django_db_setup: Path | None) -> Path:
    """An SQLite database to copy and start with, because migrating a new one takes two seconds."""
    assert django_db_setup, "for tests that are run with SQLite alone"
    return django_db_setup


@pytest.fixture(autouse=True)
def _nothing_in_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failed sign-ins are counted there, and one test's guesses must not lock out the next one.

    A slow disk does not stop the counting either; a test about a slow cache sets that itself.
    """
    from django.conf import settings
    from django.core.cache import caches

    import portal.http.cache
    from articles import process_cache
    from articles.templatetags import kept
    from inquiries import journal
    from inquiries.circuit_breaker import DATABASE_BREAKER
    from inquiries.contact import crisis_scripts
    from inquiries.danger import phrases  # cached by the process for a minute
    from inquiries.deadlines import service_levels
    from inquiries.intake import topics  # cached as well
    from inquiries.team import availability, load
    from inquiries.triage import case_choices

    if wrapper := sys.modules.get("portal.database.base"):
        # A test waits for what a site process would not wait for, whatever ran before it.
        monkeypatch.setattr(wrapper.DatabaseWrapper, "waits", True)
    monkeypatch.setattr(portal.http.cache, "SLOW_SECONDS", math.inf)
    for breaker in (DATABASE_BREAKER, portal.http.cache.BREAKER):
        breaker.reset()
    for alias in settings.CACHES:
        caches[alias].clear()
    for module in (phrases, service_levels, topics, case_choices, crisis_scripts):
        module.clear_cache()
    for module in (availability, load, kept):
        module.clear_cache()
    process_cache.expire_all()
    # What one test has written outside the database must not look like a loss to the next one.
    journal._held.clear()
    shutil.rmtree(settings.JOURNAL_DIR, ignore_errors=True)
    Path(settings.ANCHORS_FILE).unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _one_clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use one clock: tests travel in time without their database, except those about two clocks."""
    from django.utils import timezone

    from inquiries import wall_clock

    if not request.node.get_closest_marker("two_clocks"):
        monkeypatch.setattr(wall_clock, "database_now", timezone.now)


# --- The cast: the same people are asked the same questions everywhere ----------------------------


def _staff(role: str) -> "User":
    from tests.factories import make_staff  # models cannot load before the settings are ready

    return make_staff(role)


@pytest.fixture
def editor(db: None) -> "User":
    return _staff("editor")


@pytest.fixture
def reviewer(db: None) -> "User":
    return _staff("reviewer")


@pytest.fixture
def coordinator(db: None) -> "User":
    return _staff("coordinator")


@pytest.fixture
def lead(db: None) -> "User":
    return _staff("lead")


@pytest.fixture
def privacy(db: None) -> "User":
    return _staff("privacy")


@pytest.fixture
def stranger(db: None) -> "User":
    """A signed-in user without a role."""
    return _staff("")
