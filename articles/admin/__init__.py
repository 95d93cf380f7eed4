"""Where editors write and medical reviewers approve."""

from articles.admin.articles import ArticleAdmin
from articles.admin.categories import CategoryAdmin

__all__ = ["ArticleAdmin", "CategoryAdmin"]
