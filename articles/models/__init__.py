"""Articles and their revisions, the library they draw on, and the pages built from them."""

from articles.models.article import Article, OldAddress, OldPath
from articles.models.article_queries import ArticleQuerySet
from articles.models.category import Category, CategoryQuerySet, CategoryTranslation
from articles.models.comment import Comment, CommentThread, LastRead, ReaderComment
from articles.models.event import Event
from articles.models.image import Image, ImageQuerySet
from articles.models.kept_text import KeptText
from articles.models.live_page import LivePage
from articles.models.post_import import ImportLine, PostImport
from articles.models.proposal import Proposal
from articles.models.reference import Reference, ReferenceQuerySet, SourceNotice
from articles.models.revision import Approval, Authorship, Feedback, PreviewLink, Revision
from articles.models.search import MissedNetwork, MissedSearch, SearchEntry, SearchWord, Synonym
from articles.models.term import Term, TermTranslation

__all__ = [
    "Approval",
    "Article",
    "ArticleQuerySet",
    "Authorship",
    "Category",
    "CategoryQuerySet",
    "CategoryTranslation",
    "Comment",
    "CommentThread",
    "Event",
    "Feedback",
    "Image",
    "ImageQuerySet",
    "ImportLine",
    "KeptText",
    "LastRead",
    "LivePage",
    "MissedNetwork",
    "MissedSearch",
    "OldAddress",
    "OldPath",
    "PostImport",
    "PreviewLink",
    "Proposal",
    "ReaderComment",
    "Reference",
    "ReferenceQuerySet",
    "Revision",
    "SearchEntry",
    "SearchWord",
    "SourceNotice",
    "Synonym",
    "Term",
    "TermTranslation",
]
