"""A database from before anything was sealed is migrated: all opens, nothing is left in clear.

It happens in a process and a database of its own, as on the day an operator does it.
"""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tests.apart import empty_database

pytestmark = pytest.mark.django_db  # of each database in its turn

REPOSITORY = Path(__file__).resolve().parent.parent.parent

SUBMISSION = {
    "relation": "self",
    "full_name": "Wilhelmina Ashgrove",
    "patient_name": "",
    "contact_method": "phone",
    "phone": "(202) 555-0147 ext. 9",
    "phone_e164": "+12025550147",
    "email": "",
    "voicemail": "none",
    "best_time": "morning,evening",
    "time_zone": "",
    "language": "en",
    "interpreter": False,
    "message": "My quillwort test says membranous; may I still travel?",
    "consent_version": "2026-11",
}
HER_FATHERS = {
    "relation": "someone_else",
    "patient_name": "Bartholomäus Quillfeather",
    "phone": "",
    "phone_e164": "",
    "email": "Wilhelmina.Ashgrove@ashgrove.example",
    "contact_method": "email",
    # Longer than a page of either database, so that it lies apart from its row.
    "message": "He is on tacrolimus. " + "And then he asked once more. " * 400,
}
CORRECTED = {
    "phone": "(202) 555-0163",
    "phone_e164": "+12025550163",
    "message": "Ring Rumpelmayer.",
}
NOTES = ["Prefers Thursdays; husband interprets.", "Left no voicemail, as she asked."]

#: What an erased request held on to, until the database came to refuse that.
TOMBSTONE = {
    "content_digest": "d",
    "relation": "someone_else",
    "authority": "guardian",
    "contact_method": "phone",
    "voicemail": "none",
    "best_time": "morning",
    "time_zone": "Europe/Madrid",
    "language": "es",
    "interpreter": True,
    "shared_phone": True,
    "shared_email": True,
    "said_answered": True,
}
#: What must stand nowhere afterwards. No word of it stands in the code or in an article.
CLEAR = [
    *(
        "Wilhelmina",
        "Ashgrove",
        "Quillfeather",
        "555-0147",
        "2025550147",
        "membranous",
        "quillwort",
    ),
    *("tacrolimus", "Rumpelmayer", "555-0163", "2025550163", "Thursdays", "Left no voicemail"),
]
SIMPLE = 210  # more than one batch of the migration

MIGRATE = """
import json, shutil, sqlite3, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from psycopg import sql
from django.db.migrations.executor import MigrationExecutor

given = json.load(sys.stdin)

# --- As it was ---
call_command("migrate", "portal", verbosity=0)
call_command("migrate", "articles", verbosity=0)
call_command("migrate", "inquiries", "0002", verbosity=0)
loader = MigrationExecutor(connection).loader
heads = [("inquiries", "0002_initial"), ("portal", "0001_initial")]
heads += [key for key in loader.graph.leaf_nodes() if key[0] == "articles"]
old = loader.project_state(heads).apps.get_model
Inquiry, Event = old("inquiries", "Inquiry"), old("inquiries", "Event")
by = old("portal", "User").objects.create(username="carol", role="coordinator")
topic = old("articles", "Category").objects.create(name="Kidneys", slug="kidneys")
START = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def make(number, *, at=START, **fields):
    return Inquiry(
        **{**given["submission"], **fields},
        reference=f"REF-{number:04}", key_digest=f"{number:064}", content_digest=f"{number:x}",
        received_at=at, due_at=at + timedelta(days=1), topic=topic,
    )


def happen(inquiry, *kinds):
    made = []
    for version, kind in enumerate(kinds, start=1):
        detail = {"outcome": "answered"} if kind == "closed" else {}
        made.append(Event.objects.create(
            inquiry=inquiry, kind=kind, version=version, detail=detail,
            at=START + timedelta(hours=version),
            by=None if kind in {"received", "added"} else by,
        ))
    return made


new = make(1)
new.save()
happen(new, "received")
noted = make(2, state="claimed", owner=by, version=4, **given["her_fathers"])
noted.save()
_, _, first, second = happen(noted, "received", "claimed", "noted", "noted")
for event, text in zip((first, second), given["notes"]):
    old("inquiries", "Note").objects.create(event=event, text=text)
story = make(3, state="closed", outcome="answered", closed_at=START, owner=by, version=8)
story.save()
events = happen(
    story, "received", "claimed", "closed", "added", "reopened", "claimed", "noted", "closed"
)
old("inquiries", "Addition").objects.create(
    event=events[3], content_digest="d",
    content={**given["submission"], **given["corrected"], "topic": "Kidneys"},
)
old("inquiries", "Note").objects.create(event=events[6], text=given["notes"][0])
simple = [make(number) for number in range(100, 100 + given["simple"])]
Inquiry.objects.bulk_create(simple)
Event.objects.bulk_create(
    Event(inquiry=each, kind="received", version=1, at=START) for each in simple
)

# --- What a database keeps beside the rows ---
read = lambda path: path.read_bytes().decode("latin-1")
is_sqlite = connection.vendor == "sqlite"
if is_sqlite:
    file = Path(connection.settings_dict["NAME"])
    files = lambda: [path for path in sorted(file.parent.glob(file.name + "*"))]
    other = sqlite3.connect(file)  # holds the file open, so that its -wal stays
    other.execute("SELECT count(*) FROM inquiries_inquiry").fetchall()
    there_before = [word for word in given["clear"] if any(word in read(path) for path in files())]
else:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    there_before = []
connection.close()

# --- The release before erased less than this one ---
node = next(key for key in loader.disk_migrations if key[1].endswith("_erased_says_nothing"))
before = next(key for key in loader.get_migration(*node).dependencies if key[0] == "inquiries")
call_command("migrate", *before, verbosity=0)
old = MigrationExecutor(connection).loader.project_state([before]).apps.get_model
tombstone = old("inquiries", "Inquiry").objects.create(
    **given["tombstone"], state="erased", reference="REF-0004", erased_at=START, received_at=START,
    due_at=START, undelivered_at=START, duplicate_of_id=new.pk,
    topic_id=topic.pk, consent_version="2026-11",
)
connection.close()

# --- The day it is migrated ---
call_command("migrate", verbosity=0)
left = {}
if is_sqlite:
    left = {
        path.name: [word for word in given["clear"] if word.lower() in read(path).lower()]
        for path in files()
    }

# --- As it is ---
from inquiries import finding, triage
from inquiries.models import Addition, DataKey, Inquiry, Note, Receipt
from inquiries.verifying import verify
from portal.models import User

words = ("full_name", "patient_name", "phone", "phone_e164", "email", "message", "best_time")
of_it = Inquiry.objects.filter(pk=tombstone.pk)
left_of_it = of_it.values(*given["tombstone"], "undelivered_at", "duplicate_of").get()
stays_of_it = of_it.values("topic__name", "consent_version").get()
of_it.delete()  # it has no chain of events
findings = verify()
result = {
    "left_of_it": left_of_it,
    "stays_of_it": stays_of_it,
    "there_before": there_before,
    "left": left,
    "faults": findings.faults,
    "requests": findings.requests,
    "events": findings.events,
    "says": {
        each.reference: {name: getattr(each, name) for name in words}
        for each in Inquiry.objects.all()
    },
    "notes": [note.text for note in Note.objects.order_by("event__inquiry__reference", "event")],
    "additions": [vars(addition.submission) for addition in Addition.objects.all()],
    "chains": {
        each.reference: [[event.number, event.kind, event.version] for event in each.events.all()]
        for each in Inquiry.objects.filter(reference__in=["REF-0001", "REF-0002", "REF-0003"])
    },
    "found": {
        typed: sorted(each.reference for each in finding.find(typed)[1]) for typed in given["typed"]
    },
    "keys": len({bytes(key.secret) for key in DataKey.objects.all()}),
    "receipts": Receipt.objects.count(),
    "at": Inquiry.objects.get(reference="REF-0001").events.get().at.isoformat(),
}
inquiry = Inquiry.objects.get(reference="REF-0002")
User.objects.update(is_staff=True)
triage.note(inquiry, text="Goes on.", version=4, by=User.objects.get())
result["faults_later"] = verify().faults
sys.stdout.write(json.dumps(result))
"""


def words_in_postgresql(url: str) -> dict[str, list[str]]:
    """By table: which words a dump would show; and which stand in its files or statistics."""
    found: dict[str, list[str]] = {}

    def look(where: str, content: bytes) -> None:
        text = content.decode("utf-8", "replace")
        if words := [word for word in CLEAR if word.lower() in text.lower()]:
            found[where] = words

    with psycopg.connect(url, autocommit=True) as own:
        tables = own.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        ).fetchall()
        for (table,) in tables:
            copying = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
            with own.cursor().copy(copying) as rows:
                look(table, b"".join(bytes(row) for row in rows))
        with own.cursor().copy("COPY (SELECT * FROM pg_stats) TO STDOUT") as rows:
            look("statistics", b"".join(bytes(row) for row in rows))
        superuser = own.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if superuser.fetchone() == (True,):
            own.execute("CHECKPOINT")
            files = own.execute(
                "SELECT relname, pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class "
                "WHERE relkind IN ('r', 't', 'i') AND relfilenode <> 0 AND oid >= 16384"
            )
            for name, content in files:
                look(f"file of {name}", content)
    assert tables
    return found


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("migrated")
    typed = ["Ashgrove", "quillf", "bartholomaus", "202-555-0147", "202 555 0163", "rumpelmayer"]
    given = {
        "submission": SUBMISSION,
        "her_fathers": HER_FATHERS,
        "corrected": CORRECTED,
        "notes": NOTES,
        "tombstone": TOMBSTONE,
        "clear": CLEAR,
        "simple": SIMPLE,
        "typed": [*typed, "WILHELMINA.ashgrove@ashgrove.example"],
    }
    with empty_database(folder) as url:
        done = subprocess.run(
            [sys.executable, "-c", MIGRATE],
            cwd=REPOSITORY,
            env={
                "PATH": os.environ["PATH"],
                "PORTAL_DATA_DIR": str(folder),
                "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
                "FIELD_KEYS": base64.urlsafe_b64encode(os.urandom(32)).decode(),
                "DJANGO_SETTINGS_MODULE": "portal.settings",
                "DATABASE_URL": url,
            },
            input=json.dumps(given),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        result: dict[str, Any] = json.loads(done.stdout)
        if connection.vendor == "postgresql":
            result["left"] = words_in_postgresql(url)
    return result


def test_every_chain_verifies_afterwards(migrated: dict[str, Any]) -> None:
    assert migrated["faults"] == []
    assert (migrated["requests"], migrated["events"]) == (SIMPLE + 3, SIMPLE + 13)
    assert migrated["receipts"] == SIMPLE + 3


def test_every_word_opens_as_it_was(migrated: dict[str, Any]) -> None:
    def says(**fields: Any) -> dict[str, Any]:
        words = {**SUBMISSION, **fields}
        return {name: words[name] for name in migrated["says"]["REF-0001"]}

    assert migrated["says"].pop("REF-0002") == says(**HER_FATHERS)
    assert len(migrated["says"]) == SIMPLE + 2
    assert all(each == says() for each in migrated["says"].values())


def test_notes_and_additions_open_as_they_were(migrated: dict[str, Any]) -> None:
    assert migrated["notes"] == [*NOTES, NOTES[0]]
    corrected = {**SUBMISSION, **CORRECTED, "topic": "Kidneys"}
    (addition,) = migrated["additions"]
    assert corrected.items() <= addition.items()


def test_events_keep_their_order_and_get_their_numbers(migrated: dict[str, Any]) -> None:
    kinds = ["received", "claimed", "closed", "added", "reopened", "claimed", "noted", "closed"]
    assert migrated["chains"]["REF-0003"] == [[n, kind, n] for n, kind in enumerate(kinds, 1)]
    assert migrated["chains"]["REF-0001"] == [[1, "received", 1]]
    assert migrated["at"] == "2026-03-01T13:00:00.123456+00:00"


def test_every_request_gets_a_key_of_its_own(migrated: dict[str, Any]) -> None:
    assert migrated["keys"] == SIMPLE + 3


def test_requests_are_found_by_what_they_said(migrated: dict[str, Any]) -> None:
    found = migrated["found"]
    for typed in ("quillf", "bartholomaus", "WILHELMINA.ashgrove@ashgrove.example"):
        assert found[typed] == ["REF-0002"], typed
    assert found["202 555 0163"] == ["REF-0003"], "by what was added to it, too"
    assert len(found["Ashgrove"]) == len(found["202-555-0147"]) == 50
    assert found["rumpelmayer"] == [], "messages are not searched"


def test_what_an_older_release_left_of_an_erased_request_is_emptied(
    migrated: dict[str, Any],
) -> None:
    assert set(migrated["left_of_it"]) > set(TOMBSTONE)
    assert not any(migrated["left_of_it"].values())
    assert migrated["stays_of_it"] == {"topic__name": "Kidneys", "consent_version": "2026-11"}


def test_work_goes_on_from_there(migrated: dict[str, Any]) -> None:
    assert migrated["faults_later"] == []


def test_no_word_is_left_in_clear(migrated: dict[str, Any]) -> None:
    if connection.vendor == "sqlite":
        assert migrated["there_before"] == CLEAR, "they were there"
        assert set(migrated["left"]) >= {"before.sqlite3", "before.sqlite3-wal"}
    assert not any(migrated["left"].values()), migrated["left"]
