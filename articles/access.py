"""What each role may do with articles. `portal.roles` maps roles to these permissions."""

_VIEW = frozenset(
    {"articles.view_article", "articles.view_category"},
)
EDITOR = _VIEW | {"articles.add_article", "articles.change_article"}
# The name and sentence of a category stand before readers at once: a reviewer's word.
REVIEWER = _VIEW | {
    "articles.publish_article",
    "articles.add_category",
    "articles.change_category",
}
