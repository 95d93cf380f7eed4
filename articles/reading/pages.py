"""The finished page of a live revision, built when something changes, before any reader asks."""

import uuid
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from articles import rendering
from articles.content import Content
from articles.languages import ORIGINAL
from articles.models import (
    Approval,
    Article,
    Event,
    Image,
    LivePage,
    Reference,
    Revision,
    SearchEntry,
    Term,
)
from articles.reading import linked_data
from articles.rendering import not_stated
from articles.rendering.library_snapshot import LibrarySnapshot
from articles.search import vocabulary
from articles.search.entries import Text, fields_of, text_of

if TYPE_CHECKING:
    from articles.rendering.renderer import RenderedArticle

#: How many related articles are kept, counting translations. A page shows the first live ones.
_RELATED_KEPT = 24
_LOOKED_AT = 200


#: An arbitrary number, the same everywhere, that identifies this lock.
_LIBRARY_LOCK = 0x6C696272


def lock_library() -> None:
    """Keep others from building pages or changing the library until this transaction ends.

    Otherwise a page built at the same time from the old library would stay stale. SQLite has only
    one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LIBRARY_LOCK])


def snapshot_library(content: Content, language: str = ORIGINAL) -> LibrarySnapshot:
    """Return what a text in a language can name, as of now."""
    cited = rendering.cited_keys(content)
    sources = Reference.objects.filter(key__in=cited).select_related("standing_by__standing_by")
    # A source that disputes or supersedes a cited one is named next to it.
    others = [source.standing_by for source in sources if source.standing_by]
    images = list(Image.objects.named_in(content.body))
    return LibrarySnapshot(
        sources={source.key: source.as_source() for source in (*others, *sources)},
        terms=Term.objects.entries_in(language),
        language=language,
        pictures={image.name: image.as_picture() for image in images if not image.withdrawn_at},
        withdrawn=frozenset(image.name for image in images if image.withdrawn_at),
    )


def snapshot_library_for_checks(content: Content, article: Article | None) -> LibrarySnapshot:
    """Add what checks need: which outcomes other live pages count for the studies in a text.

    `article` is the one that the text belongs to, if there is one already.
    """
    library = snapshot_library(content, article.language if article else ORIGINAL)
    if not not_stated.MENTION.search(content.body):
        return library
    silent = {each.study for each in rendering.read_findings(content) if each.silent}
    others = Revision.objects.live_citing(silent, but=article) if silent else ()
    counted: dict[str, frozenset[str]] = {}
    for revision in others:
        for finding in rendering.read_findings(revision.content):
            kinds = frozenset(outcome.kind for outcome in finding.outcomes)
            counted[finding.study] = counted.get(finding.study, frozenset()) | kinds
    return replace(library, counted_elsewhere=counted)


def build_page(article: Article) -> LivePage:
    """Build the page of the live revision, and everything else derived from its content."""
    live, approval = article.live, article.approval
    if live is None or approval is None:  # it has both or neither
        raise ValueError("Readers do not see this article, so it has no page.")
    lock_library()
    content = live.content
    library = replace(snapshot_library(content, article.language), ratings=approval.ratings)
    rendered = rendering.render(content, library)
    sources = list(Reference.objects.filter(key__in=rendered.cited))
    page = LivePage(
        article=article,
        corrections=_corrections(article),
        addresses=Article.objects.addresses(article.root_id),
        linked_data=linked_data.describe_article(article, sources),
        revision=live,
        **page_fields(rendered),
    )
    page.save()
    page.sources.set(sources)
    page.terms.set(Term.objects.filter(slug__in=rendered.terms))
    _make_findable(article, live, rendered)
    article.related.set(Article.objects.filter(pk__in=_related(article, page)))
    return page


def _make_findable(article: Article, live: Revision, rendered: "RenderedArticle") -> None:
    text = Text(
        article.language,
        title=live.title,
        summary=live.summary,
        headings=tuple(each.title for each in rendered.contents),
        words=rendered.text,
    )
    before = SearchEntry.objects.filter(article=article).first()
    vocabulary.count(text, before=text_of(before) if before else None)
    fields = fields_of(text)
    if before:
        SearchEntry.objects.filter(pk=before.pk).update(**fields)
    else:
        SearchEntry.objects.create(article=article, **fields)


def build_preview(revision: Revision) -> LivePage:
    """Build the page of any revision without saving it."""
    content = revision.content
    library = snapshot_library(content, revision.article.language)
    # A refused comment reads two pages, which zeal would take for a loop over a relation.
    if approval := Approval.objects.filter(revision=revision).last():
        library = replace(library, ratings=approval.ratings)
    rendered = rendering.render(content, library)
    return LivePage(revision=revision, **page_fields(rendered))


def page_fields(rendered: "RenderedArticle") -> dict[str, Any]:
    """Return the fields of a page that come from the rendered content."""
    return {
        "key_points_html": rendered.key_points_html,
        "body_html": rendered.body_html,
        "references_html": rendered.references_html,
        "glossary_html": rendered.glossary_html,
        "contents": [(each.id, each.level, each.title) for each in rendered.contents],
        "minutes": rendered.minutes,
    }


def note_addresses(article: Article) -> None:
    """Update the links between the pages of an original and its translations."""
    family = Article.objects.in_families([article.root_id])
    addresses = Article.objects.addresses(article.root_id)
    LivePage.objects.filter(article__in=family).update(addresses=addresses)


def delete_page(article: Article) -> None:
    """Delete what was built from an article that readers no longer see."""
    LivePage.objects.filter(article=article).delete()
    for entry in SearchEntry.objects.filter(article=article):
        vocabulary.forget(text_of(entry))
        entry.delete()
    article.related.clear()


def _corrections(article: Article) -> list[tuple[str, str]]:
    published = article.events.filter(kind=Event.Kind.PUBLISHED).exclude(revision__correction="")
    found = published.order_by("-id").values_list("at", "revision__correction")
    return [(f"{timezone.localdate(at)}", words) for at, words in found]


def _related(article: Article, page: LivePage) -> list[uuid.UUID]:
    """Return the live articles that share the most categories and terms with it, most first.

    Only the newest that share any are compared, so that the cost doesn't grow with them.
    """
    filed, marked = Article.categories.through, LivePage.terms.through
    categories = [category.pk for category in article.categories.all()]
    terms = [term.pk for term in page.terms.all()]
    family = Article.objects.in_families([article.root_id]).values_list("pk", flat=True)
    others = Article.objects.published().exclude(pk__in=list(family)).values_list("pk", flat=True)
    by_category = filed.objects.filter(article=OuterRef("pk"), category__in=categories)
    by_term = marked.objects.filter(livepage=OuterRef("pk"), term__in=terms)
    found = dict.fromkeys(
        [
            *others.filter(Exists(by_category))[:_LOOKED_AT],
            *others.filter(Exists(by_term))[:_LOOKED_AT],
        ]
    )
    shared = Counter(
        [
            *filed.objects.filter(article__in=found, category__in=categories).values_list(
                "article", flat=True
            ),
            *marked.objects.filter(livepage__in=found, term__in=terms).values_list(
                "livepage", flat=True
            ),
        ]
    )
    return sorted(found, key=lambda key: -shared[key])[:_RELATED_KEPT]
