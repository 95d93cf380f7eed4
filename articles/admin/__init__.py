"""Where editors write and medical reviewers approve."""

from articles.admin.articles import ArticleAdmin
from articles.admin.categories import CategoryAdmin
from articles.admin.images import ImageAdmin

__all__ = ["ArticleAdmin", "CategoryAdmin", "ImageAdmin", "ReferenceAdmin", "TermAdmin"]
