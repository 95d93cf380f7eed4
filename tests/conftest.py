"""What every test stands on: the environment of the settings, a database, the cast."""

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

__all__ = ["validate_html"]  # a fixture, for every test

NO_POSTGRESQL = pytest.StashKey[str]()

REPOSITORY = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="where the tests keep their data; PostgreSQL is the server of TEST_DATABASE_URL, "
        "or else one started for this run",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Prepare what the settings read, before pytest-django (which comes last) loads them."""
    if "workerinput" in vars(config):
        shared = Path(os.environ["PORTAL_DATA_DIR"])  # from the controller, which started us
        data = shared / os.environ["PYTEST_XDIST_WORKER"]
        data.mkdir()
    else:
        shared = data = Path(tempfile.mkdtemp(prefix="portal-tests-"))
        config.add_cleanup(lambda: shutil.rmtree(data, ignore_errors=True))
        _set_environment(config)
    os.environ["PORTAL_DATA_DIR"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"

    # How long an example takes depends on what else the machine does.
    hypothesis.settings.register_profile("portal", deadline=None)
    hypothesis.settings.load_profile("portal")

    from django.conf import settings

    settings.STATIC_ROOT = shared / "static"
    # Refuses a page that asks the same of the database for each thing in a list.
    settings.INSTALLED_APPS.append("zeal")
    settings.MIDDLEWARE.insert(0, "zeal.middleware.zeal_middleware")
    # Signing out reads the session to open it, and once more to end it: two, and no loop.
    # One page may put two things on record: a factor was removed, and what sessions that ended.
    # Django's form for rows below a row looks each of them up.
    settings.ZEAL_ALLOWLIST = [
        *({"model": "sessions.Session"}, {"model": "inquiries.AuditTrail"}),
        *({"model": "inquiries.OpeningHours"}, {"model": "inquiries.SpecialDay"}),
    ]
    # Coverage of templates is read off their nodes, which know their lines only in debug.
    settings.TEMPLATES[0]["OPTIONS"]["debug"] = bool(config.option.cov_source)
    # The real ones take a third of a second for each sign-in.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if config.option.database == "sqlite":
        # A file, as in use: in memory, threads would share one connection and never collide.
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(data / "test.sqlite3")
    else:
        postgres.drop_test_databases_by_force()
        # To pack them again takes five seconds; what goes over the wire is tried with SQLite.
        settings.STORAGES["staticfiles"]["BACKEND"] = (
            "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        )
    # A worker that inherits it loads the settings before it comes here: with the folder, and so
    # the cache, of all the others, and without what is set above.
    del os.environ["DJANGO_SETTINGS_MODULE"]


def _set_environment(config: pytest.Config) -> None:
    """Set all that the settings read, so that nothing of the developer's own shell gets in."""
    for name in [*os.environ]:
        if name.startswith(("PORTAL_", "CLINIC_")):
            del os.environ[name]
    for name in ("CACHE_URL", "DEBUG", "EMAIL_URL"):
        os.environ.pop(name, None)
    # With it, every process that a test starts would compile all modules anew.
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
    if config.option.database == "postgresql":
        # What asks no database, or brings its own, would only run the same way twice.
        again = [item for item in items if not _asks_the_database(item)]
        items[:] = [item for item in items if item not in again]
        config.hook.pytest_deselected(items=again)
    for item in items:
        if "new_database" in getattr(item, "fixturenames", ()):
            item.add_marker("django_db")  # or there is none, where such a test runs alone
        if item.path.parent.name == "browser":
            # Playwright drives it from a greenlet, and to follow those would slow down every test.
            item.add_marker("no_cover")
    if os.environ["DATABASE_URL"] == "postgresql://not-installed":
        for item in items:
            item.add_marker(pytest.mark.skip(reason="no PostgreSQL on this machine"))


def _asks_the_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("once") or "site" in fixtures:
        return False
    if item.path.parent.name == "browser" and item.path.stem != "test_journey":
        return False  # what a page looks like does not depend on it
    return bool(
        item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db", "live_server"}
    )


def pytest_sessionstart(session: pytest.Session) -> None:
    from tests import emptying  # Django loads only now

    emptying.install()
    _collect_static(session)
    _list_static_once()


def pytest_collection_finish() -> None:
    """What is imported by now stays: to look through it for garbage took a tenth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _collect_static(session: pytest.Session) -> None:
    """Collect the static files once, as an installation does: pages name them by their hash."""
    if "workerinput" not in vars(session.config):
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)


def _list_static_once() -> None:
    """Each test's client is a site of its own, which would look through the static files anew:
    that took a quarter of all time.
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
    """Name what did not run, and why: a silent skip reads as a pass."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    if reasons:
        terminalreporter.section("Not run here")
    for reason, tests in sorted(reasons.items()):
        terminalreporter.line(f"{reason}: {tests} test{'s' if tests > 1 else ''}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """Where a copy of the database lies, as it is when it was just made; on SQLite alone."""
    from django.db import connection

    if connection.vendor != "sqlite":
        return None
    copy = tmp_path_factory.mktemp("database") / "new.sqlite3"
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as made:
        made.execute("VACUUM INTO ?", [str(copy)])
    return copy


@pytest.fixture(scope="session")
def new_database(django_db_setup: Path | None) -> Path:
    """An SQLite database to copy and start with: to migrate one anew takes two seconds."""
    assert django_db_setup, "for tests that are run with SQLite alone"
    return django_db_setup


@pytest.fixture(autouse=True)
def _nothing_in_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failed sign-ins are counted there, and one test's guesses must not lock the next one out.

    Nor does a slow disk end the counting: where a test is about a slow cache, it says so.
    """
    from django.conf import settings
    from django.core.cache import caches

    import portal.http.cache
    from inquiries.circuit_breaker import DATABASE_BREAKER
    from inquiries.danger import phrases  # kept by the process, for a minute
    from inquiries.deadlines import service_levels
    from inquiries.intake import topics  # so too

    if wrapper := sys.modules.get("portal.database.base"):
        # What a process of the site does not wait for, a test does, whatever ran before it.
        monkeypatch.setattr(wrapper.DatabaseWrapper, "waits", True)
    monkeypatch.setattr(portal.http.cache, "SLOW_SECONDS", math.inf)
    for breaker in (DATABASE_BREAKER, portal.http.cache.BREAKER):
        breaker.reset()
    for alias in settings.CACHES:
        caches[alias].clear()
    phrases.clear_cache()
    service_levels.clear_cache()
    topics.clear_cache()


@pytest.fixture(autouse=True)
def _one_clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests travel in time without their database: where a test is about two clocks, it says so."""
    from django.utils import timezone

    from inquiries import wall_clock

    if not request.node.get_closest_marker("two_clocks"):
        monkeypatch.setattr(wall_clock, "database_now", timezone.now)


# --- The cast: the same people are asked the same questions everywhere ----------------------------


def _staff(role: str) -> "User":
    from tests.factories import make_staff  # models load only when the settings are ready

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
    """Signed in, without a role."""
    return _staff("")
