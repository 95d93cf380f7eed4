"""`python -m tests.drills [NAMES]`: runs the drills, and exits with 1 if one fails."""

import os
import sys
from tempfile import TemporaryDirectory

from tests import drills


def main() -> int:
    found = drills.find_drills(sys.argv[1:])
    if not found:
        print("There is no such drill. These are:", file=sys.stderr)  # noqa: T201 - a command
        for each in drills.load_drills():
            print(f"{each.module}: {each.sentence}", file=sys.stderr)  # noqa: T201
        return 1
    with TemporaryDirectory(prefix="portal-drills-") as folder:
        _prepare_settings(folder)
        results = []
        for each in found:
            results.append(drills.run_drill(each))
            print(results[-1], flush=True)  # noqa: T201
    return int(any(result.verdict == "FAILED" for result in results))


def _prepare_settings(folder: str) -> None:
    """Set what the settings read, and collect the static files that each site of a drill shares."""
    from tests.portal.real_site import PRODUCTION

    for name in [*os.environ]:
        if name.startswith(("PORTAL_", "CLINIC_", "OIDC_")) or name in _OTHERS:
            del os.environ[name]
    os.environ |= {
        **PRODUCTION,
        "PORTAL_DATA_DIR": folder,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)


_OTHERS = {"CACHE_URL", "DATABASE_URL", "DEBUG", "EMAIL_URL", "STAFF_MFA"}

if __name__ == "__main__":
    sys.exit(main())
