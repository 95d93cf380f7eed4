"""Each test starts like a new process, with empty caches."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.portal.page_cache.reader import Reader


@pytest.fixture(autouse=True)
def _nothing_kept(settings: Any) -> Iterator[None]:
    from django.core.cache import caches  # settings are not ready any earlier

    from portal.page_cache import form_page, keys
    from tests.portal.page_cache.reader import HOST, forget_all

    settings.CACHED_HOSTS = {HOST}
    keys.find_key.cache_clear()
    form_page._find_form.cache_clear()
    caches["pages"].clear()
    forget_all()
    yield
    forget_all()
    keys.find_key.cache_clear()
    form_page._find_form.cache_clear()


@pytest.fixture
def reader() -> "Reader":
    from tests.portal.page_cache.reader import Reader

    return Reader()
