"""How much room requests take: `python -m tests.bench.sizes` prints docs/scaling.md's figures.

It takes requests through a usual life (asked by email or phone, opened, called, written to, closed)
on a PostgreSQL of its own, measures each table with its indexes, erases all of them, and measures
what remains. Both after VACUUM FULL: a database in use has a third more, which is reckoned.
"""

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.models import User

COUNT = 200


def main() -> None:
    from tests import postgres
    from tests.bench import site

    with TemporaryDirectory(prefix="portal-sizes-") as name, postgres.killable() as database:
        folder = Path(name)
        os.environ["BENCH_DATABASE_URL"] = database.url
        site.run(folder, "manage.py", "migrate", "--verbosity", "0")
        found = json.loads(site.run(folder, "-m", "tests.bench.sizes", "measure").splitlines()[-1])
    for kind, sizes in found.items():
        sys.stdout.write(f"{kind}, bytes for each: {sum(sizes.values()):,}\n")
        for table, size in sorted(sizes.items(), key=lambda row: -row[1]):
            sys.stdout.write(f"  {table:<32}{size:>8,}\n")


def measure() -> dict[str, dict[str, int]]:
    """Return the bytes of a closed and of an erased request, and of an audit entry, by table."""
    from inquiries import privacy
    from inquiries.ledger import audit_trail
    from inquiries.models import AuditEntry, Inquiry
    from inquiries.states import ErasureReason
    from portal.models import Role
    from tests.factories import make_staff

    owner, privacy_officer = make_staff(Role.COORDINATOR), make_staff(Role.PRIVACY)
    for number in range(2):
        live(number, owner)
    before = sizes()
    for number in range(2, COUNT + 2):
        live(number, owner)
    closed = sizes()
    for inquiry in Inquiry.objects.all():
        privacy.erase_inquiry(
            inquiry, reason=ErasureReason.ASKED, version=inquiry.version, by=privacy_officer
        )
    erased = sizes()
    for _ in range(COUNT):
        audit_trail.record_entry(AuditEntry.Kind.SEARCHED, by=owner, found=3)
    found = {"closed": _each(closed, before), "erased": _each(erased, before)}
    return {**found, "audit entry": _each(sizes(), erased)}


def live(number: int, owner: "User") -> None:
    """A request that is asked, opened six times, called, or answered in writing, and closed."""
    from inquiries.ledger import events
    from inquiries.outcomes import Outcome
    from inquiries.private_page import correspondence
    from inquiries.triage import steps
    from tests.factories import make_inquiry, make_task

    ways: tuple[dict[str, Any], ...] = (
        {"contact_method": "email", "email": f"ana{number}@example.org"},
        {"phone_e164": f"+1202555{100 + number % 100:04}"},
    )
    inquiry = make_inquiry(
        full_name=f"Ana Example {number}",
        message="I would like to understand my test results. " * 6,
        **ways[number % 2],
    )
    inquiry = steps.claim(inquiry, version=inquiry.version, by=owner)
    for _ in range(6):
        events.record_reading(inquiry, by=owner)
    for _ in range(2):
        inquiry = steps.add_note(
            inquiry,
            text="Nobody answered; will call after five.",
            version=inquiry.version,
            by=owner,
        )
    make_task(inquiry, owner)
    inquiry.refresh_from_db()
    if number % 2 == 0:
        inquiry = correspondence.write_message(inquiry, text="Please call after six. " * 4)
        inquiry = steps.reply(
            inquiry, text="We will call you on Tuesday. " * 6, version=inquiry.version, by=owner
        )
    steps.close(
        inquiry, outcome=Outcome.ANSWERED, cancel_tasks=True, version=inquiry.version, by=owner
    )


def sizes() -> dict[str, int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM FULL ANALYZE")
        cursor.execute(
            "SELECT relname, pg_total_relation_size(oid) FROM pg_class "
            "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        return dict(cursor.fetchall())


def _each(after: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    grown = {table: (size - before[table]) // COUNT for table, size in after.items()}
    return {table: size for table, size in grown.items() if size}


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        import django

        django.setup()
        sys.stdout.write(json.dumps(measure()) + "\n")
    else:
        main()
