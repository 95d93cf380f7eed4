"""What each role may do with articles. `portal.roles` maps roles to these permissions."""

WRITE = "articles.change_article"
APPROVE = "articles.publish_article"

_VIEW = frozenset(
    {
        "articles.view_article", "articles.view_category",
        "articles.view_image", "articles.change_image",
    },
)  # fmt: skip
EDITOR = _VIEW | {"articles.add_article", WRITE, "articles.add_image", "articles.delete_image"}
# The name and sentence of a category stand before readers at once: a reviewer's word.
REVIEWER = _VIEW | {
    APPROVE,
    "articles.add_category",
    "articles.change_category",
}
