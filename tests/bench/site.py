"""A portal with content, signed-in staff and a returning sender, ready to be visited."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench.visitor import HOST

REPOSITORY = Path(__file__).resolve().parent.parent.parent
VISITS = "visits.json"


def environment(folder: Path) -> dict[str, str]:
    """Use production settings, but no second factor and no rate limits, which would only count us.

    It runs on SQLite, or on the server that `BENCH_DATABASE_URL` names.
    """
    kept = {
        name: os.environ[name] for name in ("PATH", "COVERAGE_PROCESS_START") if name in os.environ
    }
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "SECRET_KEY": "only-for-measuring-0123456789-abcdefghijklmnopqrstuvwxyz",
        "FIELD_KEYS": "Zm9yIHRlc3RzIG9ubHksIGFuZCBmb3Igbm90aGluZy4=",
        "ALLOWED_HOSTS": HOST,
        "STAFF_MFA": "optional",
        "PORTAL_RATE_LIMITS": "off",
        "PORTAL_DATA_DIR": str(folder),
        "PORTAL_BEHIND_PROXY": "on",
        "DATABASE_URL": os.environ.get("BENCH_DATABASE_URL", ""),
    }


def run(folder: Path, *words: str) -> str:
    """Run a Python program in the folder's environment, and return its output."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=REPOSITORY,
        env=environment(folder),
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    ).stdout


def make(
    folder: Path, writer: str = "tests.bench.site", *, articles: int = 60, inquiries: int = 60
) -> None:
    """Make the site; `writer` is the program that writes down what there is to visit."""
    run(folder, "manage.py", "migrate", "--verbosity", "0")
    run(folder, "manage.py", "collectstatic", "--verbosity", "0", "--no-input")
    filled = (f"--articles={articles}", f"--inquiries={inquiries}")
    run(folder, "manage.py", "bench_data", *filled)
    run(folder, "-m", writer, "prepare", str(folder))


def visits(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / VISITS).read_text())
    return loaded


def write_visits(folder: Path) -> None:
    """Write addresses of each kind, and the cookies of the people who may open them."""
    import django

    django.setup()
    from django.test import Client

    from articles.models import Article
    from inquiries import private_links
    from tests.factories import make_draft, make_inquiry, make_staff

    def signed_in(role: str) -> dict[str, str]:
        client = Client(headers={"host": HOST})
        client.force_login(make_staff(role))
        return {name: morsel.value for name, morsel in client.cookies.items()}

    inquiry = make_inquiry()
    token = private_links.create_link(inquiry)
    article = Article.objects.published().first()
    assert article
    (folder / VISITS).write_text(
        json.dumps(
            {
                "article": article.get_absolute_url(),
                "articles": [each.get_absolute_url() for each in Article.objects.published()],
                "category": article.categories.all()[0].get_absolute_url(),
                "request": f"/admin/inquiries/inquiry/{inquiry.pk}/change/",
                "draft": f"/admin/articles/article/{make_draft().pk}/change/",
                "token": token,
                "coordinator": signed_in("coordinator"),
                "lead": signed_in("lead"),
                "editor": signed_in("editor"),
            }
        )
    )


if __name__ == "__main__":
    write_visits(Path(sys.argv[2]))
