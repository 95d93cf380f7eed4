"""Where editors write and medical reviewers approve."""

from articles.admin.articles import ArticleAdmin
from articles.admin.categories import CategoryAdmin
from articles.admin.images import ImageAdmin
from articles.admin.missed_searches import MissedSearchAdmin
from articles.admin.proposals import ProposalAdmin
from articles.admin.references import ReferenceAdmin
from articles.admin.synonyms import SynonymAdmin
from articles.admin.terms import TermAdmin

__all__ = [
    "ArticleAdmin",
    "CategoryAdmin",
    "ImageAdmin",
    "MissedSearchAdmin",
    "ProposalAdmin",
    "ReferenceAdmin",
    "SynonymAdmin",
    "TermAdmin",
]
