from collections import defaultdict
from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.utils import translation

from articles.models import Article, ArticleQuerySet, Category, CategoryQuerySet


class ArticleSitemap(Sitemap[Article]):
    """Each article in its own language, with its versions in other languages."""

    # Well under the 50,000 that sitemaps.org allows, so that one page is quick to build.
    limit = 5000

    def items(self) -> ArticleQuerySet:
        shown = Article.objects.published()
        return shown.only("slug", "language", "translation_of", "live_at", "published_at")

    def location(self, item: Article) -> str:
        with translation.override(item.language):
            return item.get_absolute_url()

    def lastmod(self, item: Article) -> datetime | None:
        return item.live_at

    def get_urls(self, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        urls = super().get_urls(*args, **kwargs)
        families: defaultdict[Any, list[Article]] = defaultdict(list)
        for twin in self.items().translations_of({url["item"].root_id for url in urls}):
            family = families[twin.root_id]
            if twin.translation_of and not family:
                family.append(twin.translation_of)
            family.append(twin)
        for url in urls:
            site = url["location"].removesuffix(self.location(url["item"]))
            url["alternates"] = [
                {"location": f"{site}{self.location(each)}", "lang_code": each.language}
                for each in families.get(url["item"].root_id, ())
            ]
        return urls


class CategorySitemap(Sitemap[Category]):
    i18n = alternates = x_default = True

    def items(self) -> CategoryQuerySet:
        return Category.objects.in_use()
