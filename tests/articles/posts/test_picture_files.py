"""Pictures in a zip that is damaged."""

from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest

from articles.posts.picture_files import PictureFiles

pytestmark = pytest.mark.once


@pytest.mark.parametrize("packing", [ZIP_DEFLATED, ZIP_BZIP2, ZIP_LZMA])
def test_a_damaged_picture_in_a_zip_is_named(packing: int, tmp_path: Path) -> None:
    path = tmp_path / "pictures.zip"
    with ZipFile(path, "w", packing) as archive:
        archive.writestr("uploads/filter.jpg", bytes(range(256)) * 40)
    raw = bytearray(path.read_bytes())
    start = raw.index(b"filter.jpg") + len("filter.jpg")
    raw[start + 4 : start + 60] = b"\xff" * 56
    path.write_bytes(raw)
    with pytest.raises(OSError, match=r"uploads/filter\.jpg can’t be unpacked"):
        PictureFiles(path).find("filter")
