"""django-linear-migrations' command, which writes no migration for words alone."""

try:
    from django_linear_migrations.management.commands import makemigrations
except ImportError:  # an installation, where nobody writes migrations
    from django.core.management.commands import makemigrations  # type: ignore[no-redef]

from portal.management.autodetector import SchemaAutodetector


class Command(makemigrations.Command):
    autodetector = SchemaAutodetector
