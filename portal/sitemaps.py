from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from articles.reading.sitemaps import ArticleSitemap, CategorySitemap


class PageSitemap(Sitemap[str]):
    """The pages that are neither an article nor a category."""

    i18n = alternates = x_default = True

    def items(self) -> list[str]:
        return [
            "home",
            "articles:list",
            "articles:categories",
            "articles:a_to_z",
            "articles:glossary",
            "inquiries:coordinator",
            "about",
            "editorial",
            "people",
            "funding",
            "complaints",
            "corrections",
            "privacy",
            "accessibility",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


SITEMAPS = {"pages": PageSitemap, "categories": CategorySitemap, "articles": ArticleSitemap}
