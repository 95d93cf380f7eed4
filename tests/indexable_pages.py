"""One page of each public kind, as the demo serves it, for `make lighthouse` and `make pa11y`.

`tests/portal/test_indexable_pages.py` fails if a kind of page is missing here.
"""

#: Looked at several times by Lighthouse: where most readers arrive, and where they ask.
MAIN = {
    "home": "/",
    "article": "/articles/stem-cells-for-lupus-nephritis/",
    "ask": "/care-coordinator/ask/",
}
_OTHERS = {
    "articles": "/articles/",
    "topics": "/categories/",
    "topic": "/categories/lupus/",
    "A to Z": "/a-to-z/",
    "glossary": "/glossary/",
    "search": "/search/?q=kidney",
    "coordinator": "/care-coordinator/",
    "paper form": "/care-coordinator/paper/",
    "privacy": "/privacy/",
    "accessibility": "/accessibility/",
    "about us": "/about/",
    "how we write": "/about/how-we-write/",
    "people": "/about/people/",
    "funding": "/about/funding/",
    "complaints": "/about/complaints/",
    "corrections": "/about/corrections/",
}
#: The same page in Spanish has an address of its own.
_SPANISH = {"article": "/es/articles/celulas-madre-para-la-nefritis-lupica/"}
ENGLISH = MAIN | _OTHERS
PAGES = ENGLISH | {
    f"{name} in Spanish": _SPANISH.get(name, f"/es{path}") for name, path in ENGLISH.items()
}
#: These are kept out of search engines on purpose.
NOT_INDEXED = frozenset({"ask", "search", "ask in Spanish", "search in Spanish"})
