"""What search looks things up in: published texts, the words in them, and what else people say."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.languages import ORIGINAL
from articles.models.article import Article
from articles.models.category import is_filled, no_control_character


class SearchEntry(models.Model):
    """The text of one published article, as it is found and shown.

    Maintained by the publishing verbs, so that no draft can be found. The index over `lexemes` is
    made in articles/migrations/0007_search.py: FTS5 on SQLite, a tsvector on PostgreSQL.
    """

    article = models.OneToOneField(Article, models.CASCADE, related_name="search_entry")
    language = models.CharField(max_length=10, db_default="")
    title = models.TextField()
    summary = models.TextField()
    #: One a line.
    headings = models.TextField(blank=True, db_default="")
    words = models.TextField()  # the body as plain text
    #: What `articles.search.entries` looks up: stems, marked with their language.
    lexemes = models.TextField(db_default="")
    #: How much the text is about each stem, as JSON.
    strengths = models.TextField(db_default="")

    class Meta:
        verbose_name_plural = _("search entries")

    def __str__(self) -> str:
        return self.title


class SearchWord(models.Model):
    """A word of published articles, without accents, and how many hold it, or have it as title."""

    language = models.CharField(max_length=10)
    word = models.CharField(max_length=40)
    articles = models.IntegerField(default=0)
    titles = models.IntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["language", "word"], name="search_word_once"),
        ]

    def __str__(self) -> str:
        return self.word


class Synonym(models.Model):
    """Two phrases for the same thing: who searches for one finds the other, too."""

    phrase = models.CharField(_("people say"), max_length=80, validators=[no_control_character])
    phrase_language = models.CharField(
        _("in"), max_length=10, choices=settings.LANGUAGES, default=ORIGINAL
    )
    meaning = models.CharField(
        _("our articles say"), max_length=80, validators=[no_control_character]
    )
    meaning_language = models.CharField(
        _("in"), max_length=10, choices=settings.LANGUAGES, default=ORIGINAL
    )

    class Meta:
        verbose_name = _("search synonym")
        verbose_name_plural = _("search synonyms")
        ordering = ("phrase",)
        constraints = [
            models.UniqueConstraint(
                fields=["phrase", "phrase_language", "meaning", "meaning_language"],
                name="synonym_once",
            ),
            models.CheckConstraint(condition=is_filled("phrase"), name="synonym_says_something"),
            models.CheckConstraint(condition=is_filled("meaning"), name="synonym_means_something"),
        ]

    def __str__(self) -> str:
        return f"{self.phrase} = {self.meaning}"


class MissedSearch(models.Model):
    """What people looked for in one week and did not find.

    Its words are empty until enough networks looked for it; `articles.search.missed` says why.
    """

    #: Its Monday, on the clinic's clock.
    week = models.DateField(_("week of"))
    #: Keyed hash of language and words, truncated to 128 bits.
    mark = models.BinaryField(max_length=16)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    words = models.CharField(_("people looked for"), max_length=60, blank=True)
    networks = models.IntegerField(_("networks"), default=0)

    class Meta:
        default_permissions = ("view", "delete")
        verbose_name = _("search without results")
        verbose_name_plural = _("searches without results")
        ordering = ("-week", "-networks", "words")
        constraints = [
            models.UniqueConstraint(fields=["week", "mark"], name="missed_search_once"),
        ]
        indexes = [
            models.Index(
                fields=["-week", "-networks"],
                condition=~models.Q(words=""),
                name="missed_search_shown",
            )
        ]

    def __str__(self) -> str:
        return self.words


class MissedNetwork(models.Model):
    """A network that is counted in a missed search, until its week is over."""

    missed = models.ForeignKey(MissedSearch, models.CASCADE, related_name="+")
    #: Keyed hash of week, missed search, and network, truncated to 128 bits: the same network has
    #: another one elsewhere.
    mark = models.BinaryField(max_length=16)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["missed", "mark"], name="missed_network_once"),
        ]

    def __str__(self) -> str:
        return f"network {self.pk}"
