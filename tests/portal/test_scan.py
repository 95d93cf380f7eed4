"""The scanners know the way to every page; this tests it without an hour-long scan."""

import re
import subprocess
import sys

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from portal.models import Role
from tests.factories import make_staff
from tests.portal.audience import AUDIENCE
from tests.scan import addresses
from tests.scan.site import REPOSITORY

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]


def test_each_page_has_a_visitor_and_an_object_to_scan() -> None:
    people = {f"{role}": make_staff(role) for role in Role}
    people[addresses.SUPERUSER] = make_staff(is_superuser=True)
    coordinator = people[Role.COORDINATOR]
    UserSession.objects.create(user=coordinator, session_key="another", ip="127.0.0.1")
    Authenticator.objects.create(user=coordinator, type=Authenticator.Type.WEBAUTHN, data={})
    found = {
        route: address
        for name in addresses.VISITORS
        for route, address in addresses.of(name, people.get(name))
    }
    assert set(AUDIENCE) - set(found) == set(addresses.NOT_SCANNED) & set(AUDIENCE)
    assert [address for address in found.values() if "<" in address] == []


def test_no_scan_strays_into_another_language() -> None:
    for name in addresses.VISITORS:
        for step in ("leave", "revoke", "erase", ""):
            address = f"/es/care-coordinator/request/{step}"
            assert addresses.belongs(address, addresses.ending(name)), (name, step)


@pytest.mark.proof
def test_each_visitor_signs_in_and_finds_forms_to_scan() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.scan", "--plan"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    planned = re.findall(r"^(\S+): \d+ pages and forms, [1-9]", told.stdout, re.MULTILINE)
    assert planned == list(addresses.VISITORS)
