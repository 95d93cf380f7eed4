"""An approval of small corrections names the review of the whole text that it stands on.

Search on PostgreSQL shows the day of that review.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

#: As in 0010, with `reviewed`.
_SHOW = """
    CREATE OR REPLACE FUNCTION articles_show(roots uuid[], page_language text) RETURNS TABLE (
        root uuid, translation_of uuid, slug text, language text, title text, summary text,
        stage text, reviewed_at timestamptz, words text
    )
    LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
    BEGIN
        RETURN QUERY
            SELECT wanted.id, article.translation_of_id, article.slug::text,
                article.language::text, live.title::text, live.summary::text, live.stage::text,
                COALESCE(reviewed.at, approval.at), entry.words
            FROM unnest(roots) wanted(id)
            JOIN articles_article article ON article.id = COALESCE(
                (
                    SELECT translated.id FROM articles_article translated
                    WHERE translated.translation_of_id = wanted.id
                        AND translated.language = page_language AND translated.live_id IS NOT NULL
                ),
                wanted.id
            )
            JOIN articles_revision live ON live.id = article.live_id
            LEFT JOIN articles_searchentry entry ON entry.article_id = article.id
            LEFT JOIN articles_approval approval ON approval.id = article.approval_id
            LEFT JOIN articles_approval reviewed ON reviewed.id = approval.carried_from_id;
    END
    $$
"""


def replace_function(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_SHOW)


class Migration(migrations.Migration):
    safe_because = (
        "The code replaces a function of the database by one with the same columns. The release "
        "before may use it, and writes no `carried_from`."
    )

    dependencies = [("articles", "0013_told")]

    operations = [
        # Null without a default adds a column and makes no new table, so the triggers stay.
        migrations.AddField(
            model_name="approval",
            name="carried_from",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.approval",
            ),
        ),
        migrations.RunPython(replace_function),
    ]
