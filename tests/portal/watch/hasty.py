"""The site as granian loads it, except that it looks for alarms ten times a second."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django

django.setup()

from portal.watch import alarms  # noqa: E402 - only now can models be loaded

alarms.LOOK_SECONDS = 0.1

from portal.rsgi import application  # noqa: E402 - which starts to look

__all__ = ["application"]
