"""The library of pictures that articles show."""

import re
import uuid
from typing import Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.images.files import FALLBACK_WIDTH, TYPES, file_name, file_names
from articles.models.category import is_filled, no_control_character
from articles.rendering.library_snapshot import Picture

_NAMED = re.compile(r"image:([\w.-]{1,200})", re.ASCII)
# Characters with a special meaning in Markdown.
_MARKS = re.compile(r"([\\\[\]*_`<>&~])")

_name_shape = RegexValidator(
    r"\A[a-z0-9]+(-[a-z0-9]+)*\Z",
    _("A name has only lowercase letters, digits, and hyphens, like “how-kidneys-filter”."),
)


def escape_markdown(text: str) -> str:
    """Return text so that Markdown shows it as it is, inside the brackets of a link, too."""
    return _MARKS.sub(r"\\\1", text)


class ImageQuerySet(models.QuerySet["Image"]):
    def not_withdrawn(self) -> Self:
        return self.filter(withdrawn_at=None)

    def named_in(self, markdown: str) -> Self:
        """Pictures that a text shows, or only mentions as `image:name`; withdrawn ones too."""
        return self.filter(name__in=set(_NAMED.findall(markdown)))


class Image(models.Model):
    """A picture that articles show as `![alt](image:name)`.

    Its files never change (`articles/images/storage.py`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(
        _("name"),
        max_length=60,
        unique=True,
        validators=[_name_shape],
        help_text=_("Articles use this name, such as “how-kidneys-filter”. It can’t be changed."),
        error_messages={"unique": _("Another picture has this name.")},
    )
    alt = models.CharField(
        _("description"),
        max_length=300,
        blank=True,
        validators=[no_control_character],
        help_text=_(
            "What it shows, for people who can’t see it. Each article can say it in its own words."
        ),
    )
    credit = models.CharField(
        _("credit"),
        max_length=200,
        blank=True,
        validators=[no_control_character],
        help_text=_("Who made it and its license, as readers will see it below the picture."),
    )
    # Size of the largest file, in pixels.
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    # Hash of the pixels; the files are named after it.
    digest = models.CharField(max_length=32, unique=True, editable=False)
    # Widths of the files, in pixels. Each width has one file per type in `images.files.TYPES`.
    widths = models.JSONField(editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    # The files are erased, but the row stays, so that neither the name nor the picture returns.
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    # For colleagues.
    withdrawn_because = models.CharField(max_length=400, blank=True, editable=False)

    objects = ImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ("-added_at", "name")
        constraints = [
            models.CheckConstraint(condition=is_filled("name"), name="image_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_decorative(self) -> bool:
        """Declared by the person who added it: only a decorative picture can lack a description."""
        return not self.alt

    @property
    def markdown(self) -> str:
        """Markdown to paste into an article."""
        if self.is_decorative:
            return f'![](image:{self.name} "decorative")'
        return f"![{escape_markdown(self.alt)}](image:{self.name})"

    @property
    def files(self) -> list[str]:
        return file_names(self.digest, self.widths)

    @property
    def largest(self) -> str:
        """The file that an export writes."""
        return file_name(self.digest, max(self.widths), "jpg")

    @property
    def thumbnail(self) -> str:
        return self._url(min(self.widths), "webp")

    def as_picture(self) -> Picture:
        """Return it in the form that rendering uses."""
        plain = [width for width in self.widths if width <= FALLBACK_WIDTH]
        return Picture(
            name=self.name,
            width=self.width,
            height=self.height,
            srcsets={
                mime: ", ".join(f"{self._url(width, ending)} {width}w" for width in self.widths)
                for ending, mime in TYPES.items()
            },
            src=self._url(max(plain), "jpg"),
            credit=self.credit,
        )

    def is_named_in(self, markdown: str) -> bool:
        return self.name in _NAMED.findall(markdown)

    def _url(self, width: int, ending: str) -> str:
        return reverse("articles:image", args=[file_name(self.digest, width, ending)])
