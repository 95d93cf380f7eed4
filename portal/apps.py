from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Staff"

    def ready(self) -> None:
        from portal import checks  # noqa: F401  # registers the system checks


class StaffAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "portal.staff_site.StaffSite"
