from datetime import datetime

from django.contrib.sitemaps import Sitemap

from articles.models import Article, ArticleQuerySet, Category, CategoryQuerySet


class ArticleSitemap(Sitemap[Article]):
    # Well under the 50,000 that sitemaps.org allows, so that one page stays quick to make.
    limit = 5000

    def items(self) -> ArticleQuerySet:
        return Article.objects.published().only("slug", "live_at", "published_at")

    def lastmod(self, item: Article) -> datetime | None:
        return item.live_at


class CategorySitemap(Sitemap[Category]):
    i18n = alternates = x_default = True

    def items(self) -> CategoryQuerySet:
        return Category.objects.in_use()
