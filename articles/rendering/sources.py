"""Sources in words: the entry in a list of references, and the short name in a sentence.

The style is Vancouver (ICMJE), but shorthand that readers may not know is spelled out:
“and others” for “et al.”
"""

import re
from urllib.parse import quote, urlsplit

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.languages import ORIGINAL, unlike_page
from articles.rendering import words
from articles.rendering.library_snapshot import Source

#: Authors named before “and others” (ICMJE).
_NAMED = 6

# “et al.” at the end of a list, right after a space or a comma
_MORE = re.compile(r"(?:^|[\s,])(?:et al\.?|(?:and )?others)\s*$", re.IGNORECASE)
_INITIALS = re.compile(
    r"\s+[^\W\d_a-z](?:[.-]*[^\W\d_a-z]){0,3}\.?(?:\s+(?:Jr|Sr|[IV]+|\d(?:st|nd|rd|th)))?$"
)
_ABBREVIATION = re.compile(r"\(([A-Z][A-Za-z]{1,9})\)$")
_COUNTRY = re.compile(
    r"^(?:the\s+)?(?:U\.?S\.?A?\.?|U\.?K\.?|United (?:States|Kingdom))\s+(?:of\s+)?"
)
#: Words in a name that is too long for a short name and has no abbreviation of its own.
_MANY_WORDS = 3
#: Words of a title that stand in for an author.
_OPENING = 4
#: The page of a number in its registry. Other registries that report to the WHO are covered by
#: its search page (ICTRP), which adds a prefix to the Japanese numbers.
_REGISTRY_PAGES = [
    (r"NCT\d{8}", "https://clinicaltrials.gov/study/{}"),
    (r"ISRCTN\d{8}", "https://www.isrctn.com/{}"),
    (r"CRD\d{11}", "https://www.crd.york.ac.uk/prospero/display_record.php?ID={}"),
    (
        r"\d{4}-\d{6}-\d{2}",
        "https://www.clinicaltrialsregister.eu/ctr-search/search?query={}",
    ),
    (
        r"\d{4}-\d{6}-\d{2}-\d{2}",
        "https://euclinicaltrials.eu/search-for-clinical-trials/?lang=en&EUCT={}",
    ),
    (
        r"(?:jRCT[0-9s]|UMIN)\d{9}",
        "https://trialsearch.who.int/Trial2.aspx?TrialID=JPRN-{}",
    ),
    (
        r"(?:ACTRN|CTRI/|ChiCTR-?|DRKS|IRCT|KCT|NL-OMON|NTR|PACTR|RBR-|TCTR)[0-9A-Za-z/-]{1,20}",
        "https://trialsearch.who.int/Trial2.aspx?TrialID={}",
    ),
]


def source_html(source: Source) -> SafeString:
    """Return one reference: who, what, where, and links to find it.

    The title is the first link, because a number is a small and odd thing to tap.
    """
    links = _links(source)
    title = _marked("cite", _sentence(source.title))
    parts = [
        _authors(source),
        _link(links[0][0], title) if links else title,
        _marked("span", _sentence(_place(source))),
        *(format_html("{}", name) for _, name in links[:1]),
        *(_link(address, name) for address, name in links[1:]),
    ]
    if source.registry_id and not _registry_page(source.registry_id):
        parts.append(format_html("{}", source.registry_id))
    if not links:
        parts.append(format_html("{}", words.not_linked()))
    return format_html_join(" ", "{}", [(part,) for part in parts if part])


def _link(address: str, words: str) -> SafeString:
    return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', address, words)


def short_name(source: Source) -> str:
    """Return “Gu 2014”, “FDA 2020”: the first family name, or an organization's abbreviation."""
    return f"{first_author(source) or _opening(source.title)} {source.year or ''}".strip()


def first_author(source: Source) -> str:
    """Return a family name, or an organization's name or abbreviation; empty if nobody is named."""
    names = author_names(source.authors)
    if not names:
        return ""
    name = names[0]
    family = _INITIALS.sub("", name)
    is_person = family != name and not _COUNTRY.match(name)
    return family if is_person else _abbreviated(name)


def author_names(authors: str) -> list[str]:
    """Return the names in `Source.authors`, without its “et al.”"""
    names = (name.strip() for name in _MORE.sub("", authors).split(","))
    return [name for name in names if name]


def _marked(element: str, text: str) -> SafeString:
    """Mark text from the source itself as English, in case the page is in another language."""
    lang = unlike_page(ORIGINAL)
    if lang:
        return format_html('<{} lang="{}">{}</{}>', element, lang, text, element)
    return format_html("<cite>{}</cite>" if element == "cite" else "{}", text)


def _authors(source: Source) -> SafeString:
    names = author_names(source.authors)
    has_more = len(names) > _NAMED or bool(_MORE.search(source.authors))
    named = ", ".join(names[:_NAMED])
    if not names:
        return SafeString()
    if not has_more:
        return _marked("span", _sentence(named))
    marked = _marked("span", named)
    return format_html("{}.", words.and_others(marked, is_one=len(names) == 1))


def _place(source: Source) -> str:
    """Return “Journal. 2014;33(11):1611-9”, or as much of it as is known."""
    issue = f"({source.issue})" if source.issue else ""
    number = f"{source.volume}{issue}"
    pages = source.pages
    when = str(source.year or "")
    if number:
        when = f"{when};{number}" if when else number
    if pages:
        when = f"{when}:{pages}" if when else pages
    return " ".join(part for part in (_sentence(source.journal), when) if part)


def _links(source: Source) -> list[tuple[str, str]]:
    links = []
    if source.doi:
        links.append((f"https://doi.org/{quote(source.doi, safe='/:;()._-')}", f"doi:{source.doi}"))
    if source.pmid:
        address = f"https://pubmed.ncbi.nlm.nih.gov/{quote(source.pmid, safe='')}/"
        links.append((address, f"PubMed {source.pmid}"))
    if address := _registry_page(source.registry_id):
        links.append((address, source.registry_id))
    host = _host(source.url)
    if host and host not in {_host(address) for address, _ in links}:
        links.append((source.url, host))
    return links


def _registry_page(number: str) -> str:
    """Return the registry's page for this number; empty if no registry has such numbers."""
    pages = (page for shape, page in _REGISTRY_PAGES if re.fullmatch(shape, number, re.ASCII))
    page = next(pages, "")
    return page.format(quote(number, safe="/-"))


def _host(url: str) -> str:
    """Return the host of a web address; empty for anything else, which must not become a link."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in {"https", "http"} else ""


def _sentence(text: str) -> str:
    """Return the text with a period at the end, unless it has its own end mark."""
    text = text.strip()
    return text if not text or text[-1] in ".?!" else f"{text}."


def _abbreviated(body: str) -> str:
    if match := _ABBREVIATION.search(body):
        return match[1]
    name = _COUNTRY.sub("", body)
    parts = name.split()
    if len(parts) < _MANY_WORDS:
        return name
    return "".join(part[0] for part in parts if part[0].isupper()) or name


def _opening(title: str) -> str:
    parts = title.split()
    opening = " ".join(parts[:_OPENING])
    return f"{opening}…" if len(parts) > _OPENING else opening
