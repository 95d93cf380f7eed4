"""The services that are asked, all of them on this machine."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.articles.library.lookup.stand_in import StandIn, stand_in


@pytest.fixture
def there(settings: Any) -> Iterator[StandIn]:
    settings.SOURCE_LOOKUP = True
    settings.LOOKUP_CONTACT = "library@clinic.example"
    with stand_in() as server:
        for name in ("LOOKUP_CROSSREF", "LOOKUP_PUBMED", "LOOKUP_TRIALS"):
            setattr(settings, name, server.address)
        yield server
