"""Search on PostgreSQL by functions, which plan once for a connection and not for each search.

The release before goes on calling `articles_look_up` and `articles_look_around`.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_STATEMENTS = (
    # The stems of titles apart: PostgreSQL keeps those of a whole text compressed and elsewhere.
    """
    ALTER TABLE articles_searchentry ADD COLUMN title_stems tsvector
    GENERATED ALWAYS AS (to_tsvector('simple', COALESCE(substring(lexemes from ' 0.*'), ''))) STORED
    """,
    # Each list is looked up one of three ways: “rare” by the index, which finds all that match
    # before it stops; “common” and “title” among the newest.
    """
    CREATE FUNCTION articles_find(wanted text[], ways text[], most integer, topic text)
    RETURNS TABLE (root uuid, language text, title text, strengths text)
    LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
    DECLARE
        query tsquery;
        listed bigint[] := '{}';
    BEGIN
        FOR number IN 1 .. cardinality(wanted) LOOP
            query := to_tsquery('simple', wanted[number]);
            IF ways[number] = 'rare' THEN
                listed := listed || articles_find_rare(query, most);
            ELSIF ways[number] = 'title' THEN
                listed := listed || ARRAY(
                    SELECT newest.id FROM (
                        SELECT entry.id, entry.title_stems FROM articles_searchentry entry
                        ORDER BY entry.id DESC LIMIT 2000
                    ) newest WHERE newest.title_stems @@ query LIMIT most
                );
            ELSE
                listed := listed || ARRAY(
                    SELECT newest.id FROM (
                        SELECT entry.id, entry.stems FROM articles_searchentry entry
                        ORDER BY entry.id DESC LIMIT 2000
                    ) newest WHERE newest.stems @@ query LIMIT most
                );
            END IF;
        END LOOP;
        RETURN QUERY
            SELECT COALESCE(article.translation_of_id, article.id), entry.language::text,
                entry.title, entry.strengths
            FROM articles_searchentry entry
            JOIN articles_article article ON article.id = entry.article_id
            WHERE entry.id = ANY (listed) AND (topic = '' OR EXISTS (
                SELECT 1 FROM articles_article_categories filed
                JOIN articles_category category ON category.id = filed.category_id
                WHERE filed.article_id = entry.article_id AND category.slug = topic
            ));
    END
    $$
    """,
    # Left to choose, PostgreSQL may read the whole table for a rare word.
    """
    CREATE FUNCTION articles_find_rare(query tsquery, most integer) RETURNS bigint[]
    LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_indexscan = off AS $$
    BEGIN
        RETURN ARRAY(
            SELECT entry.id FROM articles_searchentry entry WHERE entry.stems @@ query LIMIT most
        );
    END
    $$
    """,
    # What is shown of these originals, or of their translations on a page in their language.
    """
    CREATE FUNCTION articles_show(roots uuid[], page_language text) RETURNS TABLE (
        root uuid, translation_of uuid, slug text, language text, title text, summary text,
        stage text, reviewed_at timestamptz, words text
    )
    LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
    BEGIN
        RETURN QUERY
            SELECT wanted.id, article.translation_of_id, article.slug::text,
                article.language::text, live.title::text, live.summary::text, live.stage::text,
                approval.at, entry.words
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
            LEFT JOIN articles_approval approval ON approval.id = article.approval_id;
    END
    $$
    """,
)


def create_functions(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in _STATEMENTS:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    safe_because = (
        "It adds a generated column, which nobody writes, and functions. Making the column "
        "locks the search entries, for some seconds if there are 20,000."
    )

    dependencies = [("articles", "0009_home")]
    operations = [migrations.RunPython(create_functions)]
