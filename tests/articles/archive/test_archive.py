"""A site that is written to an archive, lost, and brought in again by other people."""

import io

import pytest

from articles import library
from articles.archive import (
    People,
    import_first_reads,
    write_archive,
)
from articles.editing import writing
from articles.models import Article, Category, Image, OldPath, Proposal, Reference, Term
from articles.rendering.library_snapshot import Standing
from portal.demo import content as demo
from portal.models import Role, User
from tests.articles.archive.archiving import archived, bring_in, changed, files
from tests.factories import (
    approve_waiting,
    make_article,
    make_content,
    make_draft,
    make_image,
    make_oldaddress,
    make_reference,
    make_staff,
    make_term,
)

pytestmark = pytest.mark.django_db


def make_site() -> None:
    """The demo, and one of everything that it lacks."""
    demo.load("a password for the demo", articles=["what-is-lupus-nephritis.md"])
    newer = make_article(slug="has-a-newer-draft")
    writing.save_revision(
        newer, make_content(title="Newer"), version=newer.version, by=make_staff(Role.EDITOR)
    )
    make_draft(slug="never-seen")
    make_oldaddress()
    OldPath.objects.create(path="/2019/03/foot-baths", article=newer)
    make_image("filter", alt="A kidney: drawn", credit="Ana Example, CC BY 4.0")
    old, new = make_reference("old-2019", title="Old"), make_reference("new-2021", title="New")
    library.set_standing(
        old,
        standing=Standing.SUPERSEDED,
        note="A larger study was done.",
        by_source=new,
        version=1,
        by=make_staff(Role.EDITOR),
    )
    approve_waiting()


@pytest.mark.once
def test_an_empty_portal_becomes_the_same_site(people: People) -> None:
    raw = archived(make_site)
    assert not Article.objects.exists()
    assert bring_in(raw, people) == []
    again = io.BytesIO()
    write_archive(again)
    before, after = files(raw), files(again.getvalue())
    assert before.keys() == after.keys()
    for name in before.keys() - {"pictures/filter.jpg"}:  # it is compressed again
        assert after[name] == before[name], name
    assert not Proposal.objects.waiting().exists()


@pytest.mark.once
def test_bringing_it_in_again_changes_nothing(people: People) -> None:
    raw = archived(make_site)
    bring_in(raw, people)
    versions = dict(Article.objects.values_list("slug", "version"))
    assert bring_in(raw, people) == []
    assert dict(Article.objects.values_list("slug", "version")) == versions
    assert not Proposal.objects.waiting().exists()


def test_drafts_stay_drafts_and_the_reviewer_stands_behind_the_rest(people: People) -> None:
    def make() -> None:
        make_article(slug="seen")
        make_draft(slug="never-seen")

    assert bring_in(archived(make), people) == []
    seen = Article.objects.get(slug="seen")
    assert seen.live_id == seen.head_id
    assert seen.live is not None
    assert seen.live.approvals.get().by == people.reviewer
    assert Article.objects.get(slug="never-seen").live_id is None


def test_a_warning_about_a_source_comes_with_its_reason(people: People) -> None:
    def make() -> None:
        library.set_standing(
            make_reference("wrong-2020"),
            standing=Standing.RETRACTED,
            note="The numbers were made up.",
            version=1,
            by=people.author,
        )
        library.approve_proposal(Proposal.objects.waiting().get(), by=people.reviewer)

    assert bring_in(archived(make), people) == []
    source = Reference.objects.get(key="wrong-2020")
    assert (source.standing, source.standing_note) == ("retracted", "The numbers were made up.")


def test_what_is_here_stays_as_it_is(people: People) -> None:
    raw = archived(lambda: make_article(slug="feet", title="Theirs"))
    ours = make_article(slug="feet", title="Ours")
    (refusal,) = bring_in(raw, people)
    assert refusal.startswith("article feet: ")
    ours.refresh_from_db()
    assert ours.live is not None
    assert ours.live.title == "Ours"


def test_one_refusal_stops_nothing_else(people: People) -> None:
    def make() -> None:
        eyes = Category.objects.create(name="Eyes", slug="eyes")
        make_article(slug="good", categories=[eyes])
        make_image("broken")

    raw = changed(
        archived(make),
        contents={"format": 1, "articles": ["missing", "good"], "drafts": ["../../etc/passwd"]},
        categories=[
            *({"name": 1}, {"name": "Feet", "slug": "feet", "translations": "es"}),
            *({"name": "Hands", "slug": "admin"}, {"name": "Eyes", "slug": "eyes"}),
            {"name": "Ears", "slug": "ears", "position": "1"},
            {"name": "Nose", "slug": ["nose"]},
        ],
        glossary=[{"name": "gout", "forms": "gouts"}, {"name": "edema", "definition": "Swelling."}],
        references=[{"key": "a-1"}, {"key": "b-2020", "title": "B"}],
        pictures=[{"name": "missing"}, {"name": ["x"]}],
    )
    assert [line.partition(": ")[0] for line in bring_in(raw, people)] == [
        *("category “1”", "category “Feet”", "category “Hands”", "category “Ears”"),
        "category “Nose”",
        *("term “gout”", "source 1"),
        *("picture missing", "picture ['x']", "article missing", "draft ../../etc/passwd"),
    ]
    assert Article.objects.get().slug == "good"
    assert set(Category.objects.values_list("slug", flat=True)) >= {"eyes"}
    assert set(Term.objects.values_list("name", flat=True)) == {"edema"}
    assert Reference.objects.filter(key="b-2020").exists()
    assert not Image.objects.exists()


def test_an_old_address_never_shadows_our_own_pages(people: People) -> None:
    contents = {
        "format": 1,
        "articles": ["feet"],
        "drafts": [],
        "old_addresses": {"admin": "feet", "toes": "feet", "other": "not-in-the-archive"},
        "old_paths": {
            "/es/": "feet",
            "https://example.org/": "feet",
            "/?p=1": "feet",
            "/x": "other",
        },
    }
    raw = changed(archived(lambda: make_article(slug="feet")), contents=contents)
    assert [line.partition(": ")[0] for line in bring_in(raw, people)] == [
        *("old address admin", "old path /es/", "old path https://example.org/"),
    ]
    feet = Article.objects.get()
    assert [each.slug for each in feet.old_addresses.all()] == ["toes"]
    assert [each.path for each in feet.old_paths.all()] == ["/?p=1"]


def test_people_who_may_not_are_refused_everywhere(
    people: People, coordinator: User, editor: User
) -> None:
    def make() -> None:
        article = make_article(slug="seen")
        Category.objects.update(start_with=article)
        make_term()

    raw = archived(make)
    refused = bring_in(raw, People(author=coordinator, reviewer=editor))
    assert {line.partition(" ")[0] for line in refused} == {"category", "term", "source", "article"}
    assert not Article.objects.exists()
    bring_in(raw, people)
    Category.objects.update(start_with=None)
    rows = [{"slug": each.slug, "start_with": "seen"} for each in Category.objects.all()]
    (refusal,) = import_first_reads(rows, People(author=coordinator, reviewer=editor))
    assert refusal.startswith("category “")


def test_a_part_that_cannot_be_unpacked_is_refused(people: People) -> None:
    raw = archived(lambda: make_article(slug="seen"))
    name = raw.index(b"articles/seen.md") + len("articles/seen.md")
    broken = raw[: name + 5] + bytes(40) + raw[name + 45 :]
    assert "article seen: articles/seen.md can’t be unpacked." in bring_in(broken, people)
