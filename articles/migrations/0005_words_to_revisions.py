"""Each article's words become its first revision; what was published stays so, with its review.

Sources were lines of text: each becomes a reference, and a last line of the body cites them all.
What readers get stays as it was until the article is next published.
"""

import hashlib
import json
import re
import uuid
from datetime import timedelta
from html import escape
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

NOT_DECLARED = "Not asked when this was reviewed."


def to_revisions(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Article = apps.get_model("articles", "Article")
    for article in Article.objects.all().iterator(chunk_size=500):
        _convert(apps, article)


def _convert(apps: StateApps, article: Any) -> None:
    Revision, Approval, Authorship, Event, LivePage = (
        apps.get_model("articles", name)
        for name in ("Revision", "Approval", "Authorship", "Event", "LivePage")
    )
    references = [
        _reference(apps, line) for line in article.references.splitlines() if line.strip()
    ]
    body = article.body
    if references:
        body += f"\n\nSources: [{'; '.join('@' + each.key for each in references)}]"
    content = {
        "title": article.title,
        "summary": article.summary,
        "key_points": "",
        "body": body,
        "stage": "",
        "condition": "",
        "condition_code": "",
        "justified": {},
        "correction": "",
    }
    written = json.dumps(content, sort_keys=True, ensure_ascii=False)
    revision = Revision.objects.create(
        article=article,
        number=1,
        digest=hashlib.sha256(written.encode()).hexdigest(),
        made_by_id=article.written_by_id,
        made_at=article.updated_at,
        **content,
    )
    if article.written_by_id:
        Authorship.objects.create(revision=revision, author_id=article.written_by_id)
    Event.objects.create(
        article=article,
        kind="drafted",
        revision=revision,
        by_id=article.written_by_id,
        at=article.updated_at,
    )
    values = {"head": revision}
    if article.state == "published":
        approval = Approval.objects.create(
            revision=revision,
            digest=revision.digest,
            by_id=article.reviewed_by_id,
            at=article.reviewed_at,
            interests=NOT_DECLARED,
        )
        Event.objects.create(
            article=article,
            kind="published",
            revision=revision,
            by_id=article.reviewed_by_id,
            at=article.published_at,
        )
        page = LivePage.objects.create(
            article=article,
            revision=revision,
            body_html=article.body_html,
            references_html=_list(references),
            minutes=max(1, len(article.body.split()) // 200),
        )
        page.sources.set(references)
        values |= {
            "live": revision,
            "approval": approval,
            "live_at": article.published_at,
            "review_due_at": article.reviewed_at + timedelta(days=365),
        }
    # Not save(): when it was last changed stays as it was.
    Article = apps.get_model("articles", "Article")
    Article.objects.filter(pk=article.pk).update(**values)


def _reference(apps: StateApps, line: str) -> Any:
    Reference = apps.get_model("articles", "Reference")
    line = " ".join(line.split())[:500]
    found = Reference.objects.filter(title=line).first()
    if found:
        return found
    name = re.match(r"[a-z]+", line.lower())
    key = f"{name[0][:40] if name else 'source'}-{hashlib.sha256(line.encode()).hexdigest()[:8]}"
    return Reference.objects.create(id=uuid.uuid4(), key=key, title=line, added_at=timezone.now())


def _list(references: list[Any]) -> str:
    if not references:
        return ""
    items = "".join(f"<li>{escape(each.title)}</li>" for each in references)
    return f'<section class="references" aria-labelledby="references-title"><h2 id="references-title">Where this comes from</h2><ol>{items}</ol></section>'


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_revisions")]

    operations = [migrations.RunPython(to_revisions, migrations.RunPython.noop)]
