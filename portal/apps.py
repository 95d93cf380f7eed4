from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.contrib.staticfiles import apps as static_files_apps
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Staff")

    def ready(self) -> None:
        from portal.accounts import audit, sessions  # noqa: F401  # listen to what staff do
        from portal.accounts import checks as account_checks  # noqa: F401  # register checks
        from portal.config import checks  # noqa: F401  # the same

        sessions.disconnect_allauth_receivers()


class StaffAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "portal.admin_site.StaffAdminSite"


class StaticFilesConfig(static_files_apps.StaticFilesConfig):
    default = False
    # Translations of a widget that no page of ours uses are a third of all files, and each process
    # scans every file when it starts.
    ignore_patterns = [
        *static_files_apps.StaticFilesConfig.ignore_patterns,
        "admin/js/vendor/select2/i18n/*",
    ]
