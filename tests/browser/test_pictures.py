"""A browser can read the pictures that we create."""

from playwright.sync_api import Page

from articles.images import processing, storage
from tests.factories import make_photo


def test_pages_may_show_each_file_type_and_the_browser_reads_it(page: Page) -> None:
    files = processing.encode_image(processing.read_image(make_photo(500), "photo.jpg"))
    storage.save_files(files)
    assert len(files) == 6
    page.goto("/privacy/")
    for name in files:
        drawn = page.evaluate(
            """async address => {
                const image = new Image();
                image.src = address;
                await image.decode();
                return image.naturalWidth;
            }""",
            f"/images/{name}",
        )
        assert f"-{drawn}." in name
