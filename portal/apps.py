from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Staff"

    def ready(self) -> None:
        from portal.accounts import audit, sessions  # noqa: F401  # listen to what staff do
        from portal.accounts import checks as account_checks  # noqa: F401
        from portal.http import stale_pages  # noqa: F401  # register checks, hear of changes

        sessions.disconnect_allauth_receivers()


class StaffAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "portal.admin_site.StaffAdminSite"
