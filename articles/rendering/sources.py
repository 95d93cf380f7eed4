"""One source in the list of references, in a set style."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.rendering.library import Source


def entry_html(source: Source) -> SafeString:
    """Authors, title, journal and where to find it, as in Vancouver style, with links."""
    number = f"({source.issue})" if source.issue else ""
    where = f"{source.volume}{number}" + (f":{source.pages}" if source.pages else "")
    year = str(source.year or "") + (f";{where}" if where else "")
    published = " ".join(part for part in (source.journal, year) if part)
    words = [part.rstrip(".") for part in (source.authors, source.title, published) if part]
    links = [
        (f"https://doi.org/{source.doi}", f"DOI {source.doi}") if source.doi else None,
        (f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/", f"PMID {source.pmid}")
        if source.pmid
        else None,
        (f"https://clinicaltrials.gov/study/{source.registry_id}", source.registry_id)
        if source.registry_id.startswith("NCT")
        else None,
    ]
    return format_html(
        "{} {}",
        ". ".join(words) + ".",
        format_html_join(
            ". ",
            '<a href="{}" rel="noopener noreferrer">{}</a>',
            (link for link in links if link),
        ),
    )
