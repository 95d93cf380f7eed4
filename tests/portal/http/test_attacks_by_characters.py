"""Line ends and other odd characters are refused or kept as text, without a server error."""

from typing import Any

import pytest
from django.core.mail import BadHeaderError, EmailMessage
from django.test import Client

from inquiries.forms import InquiryForm
from portal.models import Role
from tests.factories import PASSWORD, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover, pytest.mark.once]

LOGIN = "/accounts/login/"
ASK = "/care-coordinator/ask/"
EVIL = "evil.example"


def good_form(**fields: str) -> dict[str, str]:
    return {
        "full_name": "Ana Example",
        "contact_method": "email",
        "email": "ana@example.org",
        "message": "May I talk to someone?",
        "consent": "on",
        **fields,
    }


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "\x00"])
def test_no_field_can_inject_a_line_into_an_email(end: str) -> None:
    typed = [f"ana@example.org{end}Bcc: all@{EVIL}", f"ana{end}@example.org"]
    if end.strip("\r\n") == "":
        typed += [f'"{end}"@example.org', f'"a{end}Bcc: b"@example.org', f"ana@example{end}.org"]
    for each in typed:
        form = InquiryForm(good_form(email=each))
        assert "email" in form.errors or form.cleaned_data["email"] == "ana@example.org", each
    for name in ("full_name", "patient_name"):
        form = InquiryForm(good_form(**{name: f"Ana{end}Bcc: all@{EVIL}"}))
        assert form.is_valid()
        assert len(str(form.cleaned_data[name]).splitlines()) == 1


def test_an_email_with_a_newline_in_its_headers_is_rejected() -> None:
    for parts in (
        {"subject": f"A request\nBcc: all@{EVIL}"},
        {"to": [f"a@example.org\nBcc: all@{EVIL}"]},
        {"from_email": f"a@example.org\r\nBcc: all@{EVIL}"},
        {"headers": {"X": f"1\nBcc: all@{EVIL}"}},
    ):
        words: dict[str, Any] = {"subject": "A", "body": "b", "to": ["a@example.org"], **parts}
        with pytest.raises(BadHeaderError):
            EmailMessage(**words).message()


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "%0d%0a", "%E5%98%8A%E5%98%8D"])
def test_user_input_cannot_add_a_response_header(client: Client, end: str) -> None:
    forged = f"a{end}Set-Cookie: forged=1{end}X-Forged: 1"
    person = make_staff(Role.LEAD)
    answers = [
        client.get(f"/articles?next={forged}"),
        client.get("/search/", {"q": forged}),
        client.get(ASK, {"article": forged}),
        client.get("/admin/", headers={"Cookie": f"sessionid={forged}", "X-Request-ID": forged}),
        client.post(ASK, good_form(full_name=forged, article=forged, idempotency_key=forged)),
        client.post(LOGIN, {"login": person.username, "password": PASSWORD, "next": f"/{forged}"}),
        client.post("/accounts/logout/", {"next": f"/{forged}"}),
    ]
    for answer in answers:
        assert answer.status_code < 500
        assert "X-Forged" not in answer.headers
        assert "forged" not in answer.cookies
        assert not any("\n" in value or "\r" in value for value in answer.headers.values())


ODD = [
    *("\x00", "%00", "\x00" * 50, "\ufffe\uffff", "\u202e\u2066", "a" * 3000, "&" * 3000),
    *("=&=&=", "q[]=1&q[a][b]=2", "[" * 1500 + "]" * 1500, "{" * 1500, "(" * 1500, "%", "%%%"),
    *("%ff%fe", "%ed%a0%80", "%c0%ae%c0%ae/", "%u0041", "' OR 1=1 --", '"; DROP TABLE x; --'),
    *(
        "${jndi:ldap://127.0.0.1/a}",
        "{{7777*7777}}",
        "<script>alert(1)</script>",
        "../" * 100,
        "-1",
        "9" * 2000,
    ),
    *("1e309", "NaN", "\u0661\u0662", "\ud83d", "💊" * 500, "a*" * 300, "NEAR(a b", '"' * 301),
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_queries_and_input_cause_no_server_error(client: Client, odd: str) -> None:
    person = make_staff(is_superuser=True)
    query = odd.encode("utf-8", "surrogatepass").decode("latin-1").replace("#", "%23")
    anyone = ["/search/?q=", "/articles/?page=", "/categories/?", f"{ASK}?article=", "/feed/?"]
    staff = [
        *("/admin/inquiries/inquiry/?q=", "/admin/inquiries/inquiry/?after="),
        *("/admin/inquiries/inquiry/?view=", "/admin/articles/article/?q="),
        *("/admin/articles/article/?p=", "/admin/articles/article/?o=", "/admin/portal/user/?"),
        "/admin/articles/article/?categories__id__exact=",
    ]
    for address in anyone:
        response = client.generic("GET", address, QUERY_STRING=f"{address.split('?')[1]}{query}")
        assert response.status_code in {200, 302, 400, 404}, address
        assert "<script>alert" not in response.text
        assert "60481729" not in response.text
    client.force_login(person)
    for address in staff:
        response = client.generic("GET", address, QUERY_STRING=f"{address.split('?')[1]}{query}")
        assert response.status_code in {200, 302, 400, 403, 404}, address
    typed = odd.encode("utf-8", "replace").decode()
    fields = dict.fromkeys(["full_name", "email", "phone", "message", "topic", "article"], typed)
    assert client.post(ASK, {**good_form(), **fields}).status_code in {302, 422}
    assert client.post(LOGIN, {"login": typed, "password": typed}).status_code in {200, 302}


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/static/../portal/settings.py",
            "/static/%2e%2e/%2e%2e/etc/passwd",
            "/static//etc/passwd",
        ),
        *("/static/..%5c..%5cetc/passwd", "/static/portal/../../../etc/passwd", "/static/%00"),
        *(
            "/static/portal/css/page.css/../../x",
            "/static/",
            "/static/portal",
            "/static/staticfiles.json/",
        ),
        *("/.env", "/.git/config", "/portal.sqlite3", "/demo.env", "/admin/../portal.sqlite3"),
    ],
)
def test_no_path_escapes_the_static_files(client: Client, path: str) -> None:
    response = client.generic("GET", path)
    response.close()
    assert response.status_code in {302, 400, 404}
    assert "root:" not in response.text
    assert "SECRET_KEY" not in response.text
