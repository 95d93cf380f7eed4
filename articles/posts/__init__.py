"""Posts as files: in the formats that clinics have, and Markdown, which can also be written."""

from articles.posts.items import Item
from articles.posts.markdown import write_markdown
from articles.posts.post import MAX_BYTES, PICTURES_FOLDER, MalformedPost, Post, PostImage
from articles.posts.reading import MAX_EXPORT_BYTES, read_items, read_post

__all__ = [
    "MAX_BYTES",
    "MAX_EXPORT_BYTES",
    "PICTURES_FOLDER",
    "Item",
    "MalformedPost",
    "Post",
    "PostImage",
    "read_items",
    "read_post",
    "write_markdown",
]
