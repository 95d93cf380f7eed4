"""What each role may do with articles. `portal.roles` maps roles to these permissions."""

WRITE = "articles.change_article"
ADD_PICTURE = "articles.add_image"
APPROVE = "articles.publish_article"
#: Anyone who finds that a source was retracted may report it.
CHANGE_REFERENCES = "articles.change_reference"

_BOTH = frozenset(
    {
        "articles.view_article",
        "articles.view_category",
        "articles.view_image",
        "articles.change_image",
        "articles.view_term",
        "articles.view_reference",
        "articles.add_reference",
        CHANGE_REFERENCES,
    },
)
# Synonyms change what search finds, and nothing that anybody reads.
_SEARCH = {f"articles.{action}_synonym" for action in ("view", "add", "change", "delete")} | {
    "articles.view_missedsearch",
    "articles.delete_missedsearch",
}
EDITOR = _BOTH | _SEARCH | {"articles.add_article", WRITE, ADD_PICTURE, "articles.delete_image"}
# Readers see a category's name and sentence, and a term's definition: a reviewer proposes them,
# and a second person approves them.
REVIEWER = _BOTH | {
    APPROVE,
    "articles.add_category",
    "articles.change_category",
    "articles.add_term",
    "articles.change_term",
}
