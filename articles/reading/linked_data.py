"""Structured data about an article for search engines: schema.org's MedicalWebPage as JSON-LD."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from articles.models import Article, Reference

if TYPE_CHECKING:
    from portal.models import User


def describe_article(article: Article, cited: list[Reference]) -> str:
    """Return JSON that is safe in a script element: it has no “<”, “>”, or “&”."""
    live, approval = article.live, article.approval
    if live is None or approval is None:
        raise ValueError("Readers do not see this article.")
    authorships = live.authorships.select_related("author")
    review = approval.review
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "name": live.title,
        "description": live.summary,
        "inLanguage": article.language,
        "datePublished": _day(article.published_at),
        "dateModified": _day(article.live_at),
        "lastReviewed": _day(review.at),
        "reviewedBy": _person(review.by),
        "author": [_person(each.author) for each in authorships],
        "medicalAudience": {"@type": "MedicalAudience", "audienceType": "Patient"},
    }
    if live.condition:
        described["about"] = {"@type": "MedicalCondition", "name": live.condition}
        if live.condition_code:
            described["about"]["code"] = {
                "@type": "MedicalCode",
                "codeValue": live.condition_code,
                "codingSystem": "ICD-10-CM",
            }
    if cited:
        described["citation"] = [_citation(source) for source in cited]
    written = json.dumps(described, ensure_ascii=False)
    return written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _citation(source: Reference) -> dict[str, Any]:
    citation: dict[str, Any] = {
        "@type": "ScholarlyArticle" if source.journal else "CreativeWork",
        "name": source.title,
    }
    if source.authors:
        citation["author"] = source.authors
    if source.year:
        citation["datePublished"] = str(source.year)
    if source.journal:
        citation["isPartOf"] = {"@type": "Periodical", "name": source.journal}
    if source.doi:
        citation["sameAs"] = f"https://doi.org/{source.doi}"
    elif source.url:
        citation["url"] = source.url
    return citation


def _person(user: "User") -> dict[str, str]:
    return {"@type": "Person", "name": user.public_name}


def _day(at: datetime | None) -> str:
    return timezone.localdate(at).isoformat()
