"""The topics a colleague knows well, so that a request finds someone who can answer it."""

from django.conf import settings
from django.db import models

from articles.models import Category


class KnownTopic(models.Model):
    """One topic that one colleague knows well."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="known_topics", db_index=False
    )
    topic = models.ForeignKey(Category, models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="known_topic_is_listed_once")
        ]

    def __str__(self) -> str:
        return str(self.topic)
