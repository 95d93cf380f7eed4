"""Canaries in everything that a patient tells us, searched for wherever a thief might look."""

import base64
import os
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode
from uuid import uuid4

import psycopg
import pytest

from tests.portal import real_site
from tests.portal.real_site import Answer, Site

PASSWORD = "correct horse battery staple"
ASK = "/care-coordinator/ask/"
QUEUE = "/admin/inquiries/inquiry/"

#: None of these words occurs anywhere else.
SAID = {
    "full_name": "Zyxwana Quokkason",
    "patient_name": "Vuvuzela Quokkason",
    "phone": "(202) 555-0173",
    "email": "zyxwana.quokkason@example.org",
    "message": "Pangolin lupus nephritis, and I am afraid of bandicoot.",
}
SAID_LATER = "Correction: the salamander is asleep."
NOTED = "They sounded like a capercaillie."
CANARIES = (
    *("zyxwana", "quokkason", "vuvuzela", "555-0173", "5550173", "pangolin", "bandicoot"),
    *("salamander", "capercaillie", "thylacine", "kookaburra"),
)
SENDER_WROTE = "One more question, about the thylacine: it gives me chest pain."
#: The coordinator's address, which is told that the request may be urgent.
DESK = "desk@clinic.example"
WE_WROTE = "The kookaburra is well."


class Browser:
    """A client that keeps cookies."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.cookies: dict[str, str] = {}

    def get(self, address: str) -> Answer:
        return self._ask("GET", address)

    def post(self, address: str, page: str, **fields: str) -> Answer:
        """Send the form of a page of the site."""
        text = self.get(page).text
        token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', text)
        assert token
        of = re.search('name="of" value="([^"]+)"', text)
        given = {"csrfmiddlewaretoken": token[1], **({"of": of[1]} if of else {})}
        return self._ask("POST", address, {**given, **fields})

    def _ask(self, method: str, address: str, fields: dict[str, str] | None = None) -> Answer:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Referer": "https://portal.example/",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode(fields).encode() if fields is not None else None
        answer = self.site.ask(method, address, body, headers)
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer


@pytest.fixture
def database() -> Iterator[str]:
    """Yield an empty database of its own, of the same kind as the other tests use."""
    server = os.environ["DATABASE_URL"]
    if not server:
        yield ""
        return
    name = f"canary_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"{server.rpartition('/')[0]}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.django_db
def test_what_a_patient_tells_us_cannot_be_read_anywhere(
    tmp_path: Path, database: str, django_db_setup: Path | None
) -> None:
    mail = f"file://{tmp_path / 'mail'}"
    own = {"DATABASE_URL": database, "STAFF_MFA": "optional", "EMAIL_URL": mail}
    with real_site.running(tmp_path, database=django_db_setup, workers=1, **own) as site:
        addresses, sessions = _use(site)
        # This runs before the site stops, to include what is locked or not yet written to files.
        places = {"what it printed": site.log.read_bytes(), **_files(tmp_path)}
    places |= {**_files(tmp_path), "addresses": "\n".join(addresses).encode()}
    places["sessions"] = sessions.encode()
    if database:
        places |= _tables(database)
    else:
        assert any(name.startswith("portal.sqlite3") for name in places)
    mails = [name for name in places if name.startswith("mail/")]
    assert any(b"A new request may be urgent" in places[name] for name in mails)
    for name in mails:
        tokens = set(re.findall(rb"/request/([\w-]{43})/", places[name]))
        assert len(tokens) == (f"To: {DESK}".encode() not in places[name])
        for token in tokens:
            assert not [other for other, said in places.items() if token in said and other != name]
        # The address belongs in the sender's own mail.
        places[name] = re.sub(rb"^To: .*$", b"", places[name], flags=re.MULTILINE)
    found = {
        (name, canary, how)
        for name, content in places.items()
        for canary in CANARIES
        for how, written in _ways_to_write(canary).items()
        if written in content.lower()
    }
    assert not found


def test_the_canary_search_finds_a_planted_canary(tmp_path: Path) -> None:
    """Otherwise the test above could never fail."""
    for how, written in _ways_to_write("Quokkason").items():
        (tmp_path / how).write_bytes(b"\x00something " + written.upper() + b" else")
    for content in _files(tmp_path).values():
        assert any(way in content.lower() for way in _ways_to_write("quokkason").values())


def _use(site: Site) -> tuple[list[str], str]:
    """Ask, correct, answer, search, fail and be refused; return the addresses and the sessions."""
    secret = {"PORTAL_STAFF_PASSWORD": PASSWORD}
    account = ("coordinator", "--role", "coordinator", "--email", DESK)
    site.manage("create_staff", *account, **secret)
    patient, staff = Browser(site), Browser(site)
    form = {
        **SAID,
        "relation": "someone_else",
        "contact_method": "email",
        "never_contact": "Never when the pangolin sleeps.",
        "voicemail": "none",
        "language": "en",
        "consent": "on",
        "idempotency_key": "one-form-on-one-screen",
    }
    # The form is refused first for lack of consent, then accepted, then corrected with Back.
    assert patient.post(ASK, ASK, **{**form, "consent": ""}).status == 422
    assert patient.post(ASK, ASK, **form).status == 302
    assert patient.post(ASK, ASK, **{**form, "message": SAID_LATER}).status == 302
    assert patient.get("/care-coordinator/sent/").status == 200
    site.ask("POST", ASK, urlencode(form).encode())  # without any cookies

    signed_in = staff.post(
        "/accounts/login/", "/accounts/login/", login="coordinator", password=PASSWORD
    )
    assert signed_in.status == 302
    opened = re.search(f'href="({QUEUE}[^"]+/change/)"', staff.get(QUEUE).text)
    assert opened
    page = staff.get(opened[1]).text
    assert SAID["full_name"] in page
    assert SAID_LATER in page
    note = {"note-text": NOTED}
    step = opened[1].replace("/change/", "/note/")
    assert staff.post(step, opened[1], **note).status == 302
    assert staff.post(step, opened[1], **note).status == 302, "the same note, sent twice"
    assert staff.post(step, opened[1]).status == 422, "no note at all: the page comes again"
    for typed in ("Quokkason", SAID["email"], SAID["phone"]):
        found = staff.post(f"{QUEUE}find/", QUEUE, q=typed)
        assert opened[1] in staff.get(found.headers["Location"]).text
    assert NOTED in staff.get(opened[1]).text
    site.manage("work", "--once")
    _meet(site, patient, staff, opened[1])
    assert "whole" in site.manage("verify_ledger")
    unpacked = site.manage(
        *("shell", "-c"),
        "from django.contrib.sessions.models import Session\n"
        "print([each.get_decoded() for each in Session.objects.all()])",
    )
    assert "_auth_user_id" in unpacked
    site.manage("anchor_ledger")
    return [opened[1], step, f"{QUEUE}find/"], unpacked


def _meet(site: Site, patient: Browser, staff: Browser, page: str) -> None:
    """The sender opens the link and writes, and we reply there."""
    folder = Path(site.env["EMAIL_URL"].removeprefix("file://"))
    # Depending on the hour, there may also be a digest to the coordinator.
    mails = [path.read_text() for path in folder.iterdir()]
    to_sender = "\n".join(each for each in mails if DESK not in each)
    link = re.search(r"https://portal\.example(/care-coordinator/request/[\w-]+/)", to_sender)
    assert link
    own = patient.get(link[1]).headers["Location"]
    assert patient.post(f"{own}prove/", own, detail="0173").status == 302
    assert patient.post(f"{own}write/", own, text=SENDER_WROTE).status == 302
    assert SENDER_WROTE in patient.get(own).text
    version = _version(staff, page, "claim")
    claimed = staff.post(page.replace("change", "claim"), page, **{"claim-version": version})
    assert claimed.status == 302
    answer = {"reply-text": WE_WROTE, "reply-version": _version(staff, page, "reply")}
    assert staff.post(page.replace("change", "reply"), page, **answer).status == 302
    assert WE_WROTE in patient.get(own).text
    site.manage("work", "--once")
    assert len(list(folder.iterdir())) > len(mails)


def _version(staff: Browser, page: str, step: str) -> str:
    found = re.search(f'name="{step}-version" value="([0-9]+)"', staff.get(page).text)
    assert found
    return found[1]


def _files(folder: Path) -> dict[str, bytes]:
    """Read every file: database, cache, mail, anchors and anything else."""
    return {
        str(path.relative_to(folder)): _unpacked(path)
        for path in folder.rglob("*")
        if path.is_file() and "static" not in path.relative_to(folder).parts
    }


def _unpacked(path: Path) -> bytes:
    """Unpack cache files, which are compressed after their expiry time."""
    content = path.read_bytes()
    begin = content.find(b"\x78\x9c" if path.suffix == ".djcache" else b"\x00never")
    return zlib.decompress(content[begin:]) if begin > 0 else content


def _tables(database: str) -> dict[str, bytes]:
    """Dump the tables as a backup holds them."""
    dumped = {}
    with psycopg.connect(database) as connection:
        names = connection.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        for (name,) in names:
            with connection.cursor().copy(f"COPY {name} TO STDOUT") as copy:
                dumped[f"table {name}"] = b"".join(bytes(part) for part in copy)
    assert dumped["table inquiries_inquiry"], "the request is there"
    return dumped


def _ways_to_write(text: str) -> dict[str, bytes]:
    """Return the encodings in lower case, like the content that they are searched for in."""
    plain = text.lower().encode()
    return {
        "plain": plain,
        "hex": plain.hex().encode(),
        "utf-16": text.lower().encode("utf-16-le"),
        "url": quote(text.lower()).encode(),
        # Base64 has three possible offsets, and the text may be as typed or in lower case.
        **{
            f"base64-{start}-{typed}": base64.b64encode(b"x" * start + typed.encode())[
                start + 1 : -4
            ].lower()
            for start in range(3)
            for typed in (text.lower(), text.capitalize())
        },
    }
