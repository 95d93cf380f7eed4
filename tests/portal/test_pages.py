"""Error pages and sign-in."""

import pytest
from django.test import Client, RequestFactory

from articles import checking
from articles.editing import reviewing
from articles.evidence_stages import Stage
from articles.models import Article, Term
from articles.rendering.document import read_document
from portal import errors
from portal.demo import content
from portal.models import Role, User
from tests.factories import PASSWORD, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LOGIN = "/accounts/login/"


def test_a_server_error_shows_a_plain_page_without_internals(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("the inside of the machine")

    monkeypatch.setattr(Article.objects, "for_readers", fail)
    response = Client(raise_request_exception=False).get("/articles/")
    assert response.status_code == 500
    assert "the inside" not in response.text
    assert "Care Portal" in response.text
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert response["Cache-Control"] == "private, no-store"
    assert f"give us this number: <code>{response['X-Request-ID']}</code>" in response.text


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "1 second"), (99, "99 seconds"), (300, "5 minutes")]
)
def test_people_who_try_too_often_are_told_how_long_to_wait(seconds: int, words: str) -> None:
    response = errors.too_many_requests(RequestFactory().get("/"), seconds)
    assert f"wait {words} and try again" in response.text
    assert response["Retry-After"] == str(seconds)


# --- Sign-in --------------------------------------------------------------------------------------


def test_staff_sign_in_with_name_and_password(client: Client) -> None:
    coordinator = make_staff(Role.COORDINATOR)
    page = client.get("/admin/inquiries/inquiry/", follow=True)
    assert page.request["PATH_INFO"] == LOGIN
    address = f"{page.request['PATH_INFO']}?{page.request['QUERY_STRING']}"
    response = client.post(address, {"login": coordinator.username, "password": PASSWORD})
    assert response.status_code == 302
    assert response["Location"] == "/admin/inquiries/inquiry/"
    assert client.get("/admin/login/")["Location"] == "/admin/"


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    client: Client, known: bool
) -> None:
    name = make_staff(Role.LEAD).username if known else "nobody-here"
    response = client.post(LOGIN, {"login": name, "password": "not the password"})
    assert response.status_code == 200
    assert "not correct" in response.text


def test_guessing_is_stopped_after_a_few_attempts(client: Client) -> None:
    name = make_staff(Role.LEAD).username
    answers = [
        client.post(LOGIN, {"login": name, "password": f"guess number {number}"}).text
        for number in range(12)
    ]
    assert "Too many failed attempts" in answers[-1], answers[-1]
    assert "Too many" in client.post(LOGIN, {"login": name, "password": PASSWORD}).text


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example", "\\\\x"])
def test_sign_in_does_not_redirect_to_another_site(client: Client, address: str) -> None:
    name = make_staff(Role.LEAD).username
    response = client.post(
        LOGIN, {"login": name, "password": PASSWORD, "next": address}, follow=False
    )
    assert response["Location"] == "/admin/inquiries/inquiry/limbo/"


@pytest.mark.parametrize("address", ["/accounts/signup/", "/accounts/password/reset/"])
def test_sign_up_and_password_reset_pages_do_not_exist(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_signing_out_requires_a_button_and_ends_the_session(client: Client) -> None:
    client.force_login(make_staff(Role.LEAD))
    assert "form" in client.get("/accounts/logout/").text
    assert client.get("/admin/").status_code == 200
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert client.get("/admin/").status_code == 302


# --- The demo's content ---------------------------------------------------------------------------


def test_the_demo_publishes_its_articles_in_five_categories_by_two_people(client: Client) -> None:
    assert content.load(PASSWORD) == []
    assert content.load("again, it changes nothing") == []
    files = [*content.ARTICLES, *content.ARTICLES.values()]
    assert Article.objects.published().count() == len(files)
    assert {path.name for path in content.FOLDER.glob("*.md")} == set(files)
    for article in Article.objects.published():
        assert article.live
        assert article.approval
        authors = [str(each.author) for each in article.live.authorships.all()]
        assert (authors, str(article.approval.by)) == (["Demo Editor"], "Demo Reviewer")
    article = Article.objects.get(slug="stem-cells-for-lupus-nephritis")
    assert [category.name for category in article.categories.order_by("name")] == [
        *("Lupus", "Mesenchymal Stem Cells", "Stem Cell Research", "Stem Cell Therapy"),
        "Umbilical Stem Cell",
    ]
    for category in article.categories.all():
        assert article.title in client.get(category.get_absolute_url()).text
    assert set(User.objects.values_list("username", flat=True)) == set(content.STAFF)
    assert client.login(username="demo-lead", password=PASSWORD)


@pytest.mark.parametrize(
    ("start", "slugs"),
    [
        ("", ("what-is-lupus-nephritis", "when-to-get-help", "stem-cells-for-lupus-nephritis")),
        (
            "/es",
            (
                *("que-es-la-nefritis-lupica", "cuando-buscar-ayuda"),
                "celulas-madre-para-la-nefritis-lupica",
            ),
        ),
    ],
)
def test_what_the_disease_is_comes_first_and_then_when_to_get_help(
    client: Client, start: str, slugs: tuple[str, ...]
) -> None:
    """The home page used to show first how many people died in a study."""
    assert [*content.ARTICLES][-2:] == ["when-to-get-help.md", "what-is-lupus-nephritis.md"]
    content.load(
        PASSWORD, articles=["stem-cells-for-lupus-nephritis.md", *[*content.ARTICLES][-2:]]
    )
    for address in ("/", "/articles/", "/categories/lupus/"):
        page = client.get(f"{start}{address}").text
        places = [page.index(f"{start}/articles/{slug}/") for slug in slugs]
        assert places == sorted(places), address


def test_an_editors_changes_to_a_demo_article_are_kept() -> None:
    basics = ["what-is-lupus-nephritis.md"]
    content.load(PASSWORD, articles=basics)
    Article.objects.update(source_digest="of an older demo", source_version=0)
    kept = content.load(PASSWORD, articles=basics)
    assert [line.split(":")[0] for line in kept] == [*basics, "que-es-la-nefritis-lupica.md"]
    assert Article.objects.count() == 2


def test_an_editors_own_term_is_kept_and_the_demo_still_starts() -> None:
    """It used to stop at a term whose words someone had given to another."""
    basics = ["what-is-lupus-nephritis.md"]
    content.load(PASSWORD, articles=basics)
    biopsy = Term.objects.get(name="biopsy")
    Term.objects.filter(pk=biopsy.pk).update(name="a small sample", forms="biopsy")
    [kept] = content.load(PASSWORD, articles=basics)
    assert kept.startswith("term “biopsy”: ")
    assert Article.objects.published().count() == 2


def test_the_articles_numbers_appear_together(client: Client) -> None:
    """The benefit, the relapses and the deaths are on one card, with the same denominator."""
    content.load(PASSWORD, articles=["stem-cells-for-lupus-nephritis.md"])
    article = Article.objects.get(slug="stem-cells-for-lupus-nephritis")
    assert article.live
    assert article.live.stage == Stage.NOT_PROVEN
    for number in ("49 of 81", "11 had a flare", "4 of the 81"):
        assert number in article.live.summary
    first, later = (card for card in read_document(article.live.body).findings)
    counted = {outcome.counts[0]: outcome.totals for outcome in first.outcomes}
    assert counted == {49: (81,), 11: (81,), 4: (81,)}
    assert (later.outcomes[0].counts, later.outcomes[0].totals) == ((9, 5), (12, 6))
    page = client.get(article.get_absolute_url()).text
    assert "not proven" in page[: page.index("Key points")].lower()
    assert "Don’t stop" in page


def test_each_of_our_articles_passes_our_own_checks() -> None:
    """They have no warnings either, and are at grade 6 or lower."""
    content.load(PASSWORD)
    for article in Article.objects.published().for_staff():
        found = reviewing.run_article_checks(article)
        assert not checking.blocking(found)
        assert not checking.warnings(found), article
        if article.language == "en":  # the formula counts English syllables
            assert checking.measure_readability(article.head.content)[0] <= 6
