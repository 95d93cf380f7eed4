#!/usr/bin/env python
"""Django's command line for the Care Portal."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(
            "Django is not installed for this Python. Run `make demo` or `make test` once, "
            "then use .venv/bin/python manage.py"
        ) from error
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        raise SystemExit(f"The settings are not complete: {error}") from error
    except Exception as error:
        from portal.config import troubles

        if sentence := troubles.describe(error):
            raise SystemExit(sentence) from error
        raise


if __name__ == "__main__":
    main()
