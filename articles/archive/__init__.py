"""Everything that readers see and editors write, as one zip of plain files.

- `contents.json`: the format, the articles in the order in which they were published, the drafts,
  and old paths that lead to an article
- `categories.json`, `glossary.json`, `references.json`, `pictures.json`
- `articles/SLUG.md`: what readers see; `drafts/SLUG.md`: the latest version, where it differs
- `pictures/NAME.jpg`
"""

from articles.archive.import_archive import import_archive, publish_post
from articles.archive.library_rows import (
    People,
    import_categories,
    import_first_reads,
    import_terms,
    new_categories,
)
from articles.archive.reading import Archive, MalformedArchive
from articles.archive.writing import write_archive

__all__ = [
    "Archive",
    "MalformedArchive",
    "People",
    "import_archive",
    "import_categories",
    "import_first_reads",
    "import_terms",
    "new_categories",
    "publish_post",
    "write_archive",
]
