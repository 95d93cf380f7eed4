"""Articles and related objects, made through the editing verbs."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import count
from typing import Any

import PIL.Image
from django.utils import timezone
from django.utils.text import slugify

from articles import checking, library
from articles.checking.stage import STAGE_REQUIREMENTS
from articles.content import Content
from articles.editing import (
    previews,
    publishing,
    reviewing,
    translations,
    writing,
)
from articles.evidence_stages import Stage
from articles.images import processing
from articles.library import images as library_pictures
from articles.library import source_notices
from articles.library.lookup.findings import FoundNotice
from articles.models import (
    Approval,
    Article,
    Authorship,
    Category,
    CategoryTranslation,
    Feedback,
    Image,
    LivePage,
    MissedNetwork,
    MissedSearch,
    OldAddress,
    OldPath,
    PreviewLink,
    Proposal,
    ReaderComment,
    Reference,
    Revision,
    SearchEntry,
    SearchWord,
    SourceNotice,
    Synonym,
    Term,
    TermTranslation,
)
from articles.models import Event as ArticleEvent
from articles.reading import feedback
from articles.rendering.library_snapshot import StudyDesign
from portal.models import Role, User
from tests.factories.portal import make_staff

_numbers = count(1)


def make_category(name: str = "") -> Category:
    number = next(_numbers)
    return Category.objects.create(name=name or f"Topic {number}", slug=f"topic-{number}")


def make_content(**fields: Any) -> Content:
    """Return complete content that passes every blocking check."""
    number = next(_numbers)
    points = f"A urine test can show protein. [@{make_reference().key}]"
    if fields.get("stage") in STAGE_REQUIREMENTS:
        trials = [make_reference(f"trial-{year}", design=StudyDesign.RANDOMISED) for year in (1, 2)]
        points += f"\nThe treatment was studied. [{'; '.join(f'@{each.key}' for each in trials)}]"
    words: dict[str, Any] = {
        "title": f"Kidney tests {number}",
        "summary": "What a urine test shows, and what it does not.",
        "key_points": points,
        "body": "## Protein\n\nA urine test can show **protein**.",
        "stage": Stage.NONE,
    }
    return Content(**{**words, **fields})


def make_reference(key: str = "example-2020", **fields: Any) -> Reference:
    """Make a library source; the same key returns the same source."""
    words = {"authors": "Example A", "title": "A made-up source", "year": 2020, **fields}
    return Reference.objects.get_or_create(key=key, defaults=words)[0]


def make_sourcenotice() -> SourceNotice:
    """Make a correction of a source that nobody has read."""
    found = FoundNotice("correction", f"10.5555/notice.{next(_numbers)}")
    source = make_reference(f"corrected-{next(_numbers)}", doi=f"10.5555/paper.{next(_numbers)}")
    source_notices.record_check(source, missing=(), notices=[found], now=timezone.now())
    return source.notices.get()


def approve_waiting(by: User | None = None) -> None:
    """Approve everything that is waiting for a second person."""
    for proposal in Proposal.objects.waiting():
        library.approve_proposal(proposal, by=by or make_staff(Role.REVIEWER))


def make_proposal() -> Proposal:
    """Make a proposed category that is waiting for a second person."""
    name = f"Proposed {next(_numbers)}"
    proposal = library.propose_category(
        None, name=name, slug=slugify(name), description="", by=make_staff(Role.REVIEWER)
    )
    assert proposal
    return proposal


def make_term(name: str = "", **fields: Any) -> Term:
    name = name or f"term {next(_numbers)}"
    words = {"slug": slugify(name), "definition": "A made-up word.", **fields}
    return Term.objects.create(name=name, **words)


def make_draft(
    *,
    by: User | None = None,
    slug: str = "",
    categories: list[Category] | None = None,
    **content: Any,
) -> Article:
    return writing.create_draft(
        make_content(**content),
        slug=slug,
        categories=[make_category()] if categories is None else categories,
        interests="None",
        by=by or make_staff(Role.EDITOR),
    )


def submit(article: Article) -> Article:
    by = make_staff(Role.EDITOR)
    return reviewing.submit(article, version=article.version, by=by)


def approve(article: Article, *, reviewer: User | None = None) -> Article:
    """Submit and approve an article."""
    if article.state == "draft":
        article = submit(article)
    return reviewing.approve(
        article,
        interests="None",
        attested=checking.ATTESTED,
        version=article.version,
        by=reviewer or make_staff(Role.REVIEWER),
    )


def make_article(
    *,
    reviewer: User | None = None,
    slug: str = "",
    categories: list[Category] | None = None,
    **content: Any,
) -> Article:
    """Make a published article."""
    draft = make_draft(slug=slug, categories=categories, **content)
    return publish(draft, reviewer=reviewer)


def publish(article: Article, *, reviewer: User | None = None) -> Article:
    """Take a draft through all the steps."""
    reviewer = reviewer or make_staff(Role.REVIEWER)
    article = approve(article, reviewer=reviewer)
    return publishing.publish(article, version=article.version, by=reviewer)


def make_translation(original: Article | None = None, *, slug: str = "", **words: Any) -> Article:
    """Make a published Spanish article, with text and an address of its own."""
    original, by = original or make_article(), make_staff(Role.EDITOR)
    draft = translations.start_translation(original, language="es", by=by)
    numbers = " ".join(re.findall(r"\d+", original.title))
    said = {"title": f"Análisis de los riñones {numbers}", "summary": "Lo que muestra un análisis."}
    content = replace(draft.head.content, **{**said, **words})
    draft = writing.save_revision(draft, content, interests="None", version=draft.version, by=by)
    if slug:
        draft = writing.change_slug(draft, slug=slug, version=draft.version, by=by)
    return publish(draft)


def make_categorytranslation() -> CategoryTranslation:
    return make_category().translations.create(language="es", name=f"Tema {next(_numbers)}")


def make_termtranslation() -> TermTranslation:
    name = f"palabra {next(_numbers)}"
    return make_term().translations.create(language="es", name=name, definition="Inventada.")


def make_searchentry() -> SearchEntry:
    return make_article().search_entry


def make_searchword() -> SearchWord:
    make_article()
    word = SearchWord.objects.filter(articles__gt=0).first()
    assert word
    return word


def make_synonym() -> Synonym:
    number = next(_numbers)
    return Synonym.objects.create(phrase=f"people say {number}", meaning=f"we say {number}")


def make_missedsearch() -> MissedSearch:
    mark = str(next(_numbers)).encode()
    return MissedSearch.objects.create(
        week=date(2026, 3, 2), mark=mark, language="en", words="gout", networks=6
    )


def make_missednetwork() -> MissedNetwork:
    return MissedNetwork.objects.create(missed=make_missedsearch(), mark=b"a mark")


def make_livepage() -> LivePage:
    return make_article().page


def make_revision() -> Revision:
    return make_draft().head


def make_authorship() -> Authorship:
    return make_draft().head.authorships.get()


def make_approval() -> Approval:
    approval = make_article().approval
    assert approval
    return approval


def make_articleevent() -> ArticleEvent:
    return make_draft().events.get()


def make_oldaddress() -> OldAddress:
    article = make_article()
    writing.change_slug(
        article, slug=f"{article.slug}-new", version=article.version, by=make_staff(Role.EDITOR)
    )
    approve_waiting()
    return article.old_addresses.get()


def make_oldpath() -> OldPath:
    article = make_article()
    return OldPath.objects.create(path=f"/2019/{article.slug}", article=article)


def make_previewlink() -> PreviewLink:
    return previews.create_preview_link(make_draft(), days=7, by=make_staff(Role.EDITOR))[0]


def make_feedback() -> Feedback:
    article = make_article()
    feedback.count_answer(article, number=1, choice=Feedback.Answer.YES, on=date(2026, 1, 1))
    return article.head.feedback.get()


def make_readercomment(article: Article | None = None, **said: str) -> ReaderComment:
    about = article or make_article()
    words = {"section": "", "text": "What is a flare?", **said}
    feedback.keep_comment(about, **words, on=timezone.localdate())
    return ReaderComment.objects.latest("pk")


def make_photo(width: int = 400, height: int = 300, kind: str = "JPEG", **options: Any) -> bytes:
    """Return a unique picture file: gray, with two squares whose colors encode its number."""
    number = next(_numbers)
    image = PIL.Image.linear_gradient("L").resize((width, height)).convert("RGB")
    for place in range(2):
        digits = (number // 6 ** (3 * place + digit) % 6 for digit in range(3))
        square = PIL.Image.new("RGB", (64, 64), tuple(50 * digit for digit in digits))
        image.paste(square, (80 * place, 0))
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def make_image(name: str = "", *, photo: bytes = b"", **words: str) -> Image:
    said = {"alt": "A gradient from light to dark.", "credit": "Made up", **words}
    return library_pictures.add_image(
        processing.read_image(photo or make_photo(), "photo.jpg"),
        name=name or f"picture-{next(_numbers)}",
        by=make_staff(Role.EDITOR),
        **said,
    )
