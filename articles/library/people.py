"""The people whom pages name: authors and reviewers."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from articles.library.page_updates import lock_live_articles, rebuild_pages
from articles.models import LivePage

if TYPE_CHECKING:
    from portal.models import User


@transaction.atomic
def rebuild_person_pages(person: "User") -> None:
    """Rebuild the pages that name a person, because the name that readers see has changed.

    Raise StepRefused if an article that names them was published at the same moment.
    """
    wrote = Q(revision__authorships__author=person)
    approved = Q(article__approval__by=person)
    reviewed = Q(article__approval__carried_from__by=person)
    rebuild_pages(lock_live_articles(LivePage.objects.filter(wrote | approved | reviewed)))
