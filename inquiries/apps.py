from typing import Any

from django.apps import AppConfig
from django.apps import apps as registry
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class InquiriesConfig(AppConfig):
    name = "inquiries"
    verbose_name = _("Requests")

    def ready(self) -> None:
        post_migrate.connect(_make_missing_keys, sender=self)
        post_migrate.connect(_keep_holidays, sender=self)


def _make_missing_keys(apps: Any = registry, **kwargs: Any) -> None:
    try:
        apps.get_model("inquiries", "PurposeKey")
    except LookupError:
        return  # no tables yet: only another app was migrated
    from inquiries import keyring  # models load only once apps are ready

    keyring.make_missing_keys()


def _keep_holidays(apps: Any = registry, **kwargs: Any) -> None:
    """Store the public holidays, so that deadlines are right before a worker has run."""
    try:
        apps.get_model("inquiries", "HolidayYear")
    except LookupError:
        return  # as above
    from inquiries.deadlines import public_holidays  # models load only once apps are ready

    public_holidays.save_holidays()
