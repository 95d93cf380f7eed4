"""Looks up a published source by its number, where the clinic allows outgoing requests.

Nothing but the number leaves the site, with whom to write to. Nothing here changes the library:
an editor saves what was found, and `library.source_notices` records what became of a source.
"""

from collections.abc import Callable

from articles.library import words
from articles.library.lookup import crossref, pubmed, trials
from articles.library.lookup.findings import Finding, LookupFailed, NotFound, Unsupported

__all__ = ["Finding", "LookupFailed", "NotFound", "Unsupported", "look_up"]

_SERVICES: dict[str, Callable[..., Finding]] = {
    "doi": crossref.find_doi,
    "pmid": pubmed.find_pmid,
    "registry_id": trials.find_trial,
}


def look_up(kind: str, number: str, *, until: float) -> Finding:
    """Return what is known about a number, as `identifiers.read_number` returns it.

    `until` is when to give up, by `time.monotonic`. Raise NotFound if it is certain that nobody
    knows the number, Unsupported if it can't be looked up, and LookupFailed if nobody can say.
    """
    if kind == "registry_id" and not number.startswith("NCT"):
        raise Unsupported(words.OTHER_REGISTRY % {"number": number})
    return _SERVICES[kind](number, until=until)
