"""Builds the page of every live article again, for what a release changed about all of them."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from articles.library.page_updates import lock_live_articles, rebuild_pages
from articles.models import LivePage


class Command(BaseCommand):
    help = "Build the page of every live article again. Readers see the old one until then."

    def handle(self, *args: Any, **options: Any) -> None:
        # One at a time, so that nobody who edits has to wait for all of them.
        keys = list(LivePage.objects.order_by("pk").values_list("pk", flat=True))
        for key in keys:
            with transaction.atomic():
                rebuild_pages(lock_live_articles(LivePage.objects.filter(pk=key)))
        self.stdout.write(f"Pages built again: {len(keys)}")
