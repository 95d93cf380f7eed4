"""Search of the whole site.

Every query is another page, so none is kept. What all of them share is rendered once a minute, and
each is put together from it: rendering all of it anew would be most of what a search costs.
"""

import logging
import secrets
from collections.abc import Sequence
from urllib.parse import quote, urlencode

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString

from articles.languages import page_language
from articles.process_cache import ProcessCache
from articles.row_patterns import draw_rows
from articles.search import finder, glance, missed, query
from articles.search.shown import show
from articles.text_cleaning import clean_line
from articles.views.decorators import public_page
from inquiries.danger import phrases
from inquiries.views import emergency_card

logger = logging.getLogger(__name__)

PER_PAGE = 10
_MOST_PAGES = 9
#: What stands in the shared part for the query, the query in an address, and the results. Nobody
#: can type them, because each process makes its own.
_TYPED, _IN_ADDRESS, _RESULTS = (secrets.token_hex(16) for _ in range(3))


@public_page
def search(request: HttpRequest, network: str = "") -> HttpResponse:
    """Search; `network` is the one that the request was sent from, empty if it isn't known."""
    typed = clean_line(request.GET.get("q", ""))[: query.MAX_LENGTH]
    exactly, topic = "exactly" in request.GET, _topic(request)
    number = _page_number(request)
    found = finder.find(typed, exactly=exactly, topic=topic)
    first = (number - 1) * PER_PAGE
    results = found.results[first : first + PER_PAGE]
    is_urgent = phrases.has_danger_words(typed)
    if typed and not (found.results or topic or is_urgent):
        _note_missed(typed, network)
    parts = {
        "typed": typed,
        "read_as": found.read_as,
        "results": _draw_results(results, found.query),
        "topics": _draw_topics(typed, topic) if found.results or topic else "",
        "topic": topic,
        "number": number,
        "previous_url": _address(typed, exactly, topic, number - 1) if number > 1 else "",
        "next_url": _address(typed, exactly, topic, number + 1)
        if len(found.results) > first + PER_PAGE and number < _MOST_PAGES
        else "",
        "exact_url": _address(typed, exactly=True),
        "card_languages": emergency_card.list_card_languages([]) if is_urgent else [],
    }
    # Only the emergency card shows what belongs to every page: the clinic's numbers to call.
    body = get_template("portal/search/results.html").render(parts, request if is_urgent else None)
    return HttpResponse(_put_together(request, typed, body))


def _note_missed(typed: str, network: str) -> None:
    try:
        missed.note(typed, language=page_language(), network=network, on=timezone.localdate())
    except DatabaseError:  # the reader gets the page all the same
        logger.warning("a search without results was not counted")


def _page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "")
    return min(max(int(asked), 1), _MOST_PAGES) if asked.isdecimal() and len(asked) < 3 else 1  # noqa: PLR2004


def _topic(request: HttpRequest) -> str:
    """Return the slug of the topic to look in, if there is one of that name."""
    asked = request.GET.get("topic", "")
    return asked if asked in {slug for slug, _ in _all_topics()} else ""


def _all_topics() -> list[tuple[str, str]]:
    pages = glance.in_language(page_language()).pages
    return [(page.slug, page.text.title) for page in pages if page.kind == "topic"]


def _draw_results(results: Sequence[finder.Result], asked: query.Query) -> SafeString:
    rows = (each.as_row() for each in show(results, asked))
    return draw_rows(rows, "portal/search/_result.html")


def _draw_topics(typed: str, chosen: str) -> SafeString:
    asked = _address(typed)
    return draw_rows(
        (
            {
                "name": name,
                "url": f"{asked}&topic={slug}" if slug else asked,
                "is_chosen": slug == chosen,
            }
            for slug, name in (("", ""), *_all_topics())
        ),
        "portal/search/_topic.html",
    )


def _address(typed: str, exactly: bool = False, topic: str = "", number: int = 1) -> str:  # noqa: FBT001, FBT002 - as the address says it
    asked = {"q": typed, "exactly": "1" if exactly else "", "topic": topic}
    asked["page"] = str(number) if number > 1 else ""
    return "?" + urlencode({name: value for name, value in asked.items() if value})


# --- The shared part ------------------------------------------------------------------------------


def _put_together(request: HttpRequest, typed: str, body: str) -> str:
    kept = _shared.get()
    key = (page_language(), bool(typed))
    if key not in kept:
        kept[key] = _render_shared(request, has_query=bool(typed))
    page = kept[key]
    page = page.replace(_TYPED, escape(typed)).replace(_IN_ADDRESS, quote(typed, safe=""))
    return page.replace(_RESULTS, body)


def _render_shared(request: HttpRequest, *, has_query: bool) -> str:
    asked = HttpRequest()
    asked.META, asked.path, asked.path_info = dict(request.META), request.path, request.path_info
    asked.META["QUERY_STRING"] = f"q={_IN_ADDRESS}" if has_query else ""
    asked.method, asked.resolver_match = "GET", request.resolver_match
    asked.user = request.user
    context = {
        "query": _TYPED if has_query else "",
        "results": _RESULTS,
        "suggestions": _suggestions(),
    }
    return get_template("portal/search/page.html").render(context, asked)


def _suggestions() -> list[str]:
    """Return the names of topics and terms, which the browser offers while somebody types."""
    pages = glance.in_language(page_language()).pages
    return sorted({page.text.title for page in pages if page.kind != "site"}, key=str.casefold)


#: By language and whether anything was typed.
_shared: ProcessCache[dict[tuple[str, bool], str]] = ProcessCache(dict, {})
