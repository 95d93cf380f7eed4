"""What each process keeps for a while of what changes rarely."""

import pytest
from django.db import OperationalError

from articles.process_cache import ProcessCache


class Database:
    """Says how often it was asked; it is away while `is_away`."""

    def __init__(self) -> None:
        self.asked, self.is_away = 0, False

    def read(self) -> str:
        if self.is_away:
            raise OperationalError
        self.asked += 1
        return f"answer {self.asked}"


def test_a_value_is_read_once_until_its_time_is_over() -> None:
    database = Database()
    kept = ProcessCache(database.read, "", seconds=3600)
    assert [kept.get(), kept.get()] == ["answer 1", "answer 1"]
    kept.expire()
    assert kept.get() == "answer 2"
    at_once = ProcessCache(database.read, "", seconds=-1)
    assert [at_once.get(), at_once.get()] == ["answer 3", "answer 4"]


@pytest.mark.parametrize("is_needed", [True, False])
def test_the_last_value_stays_while_the_database_is_away(is_needed: bool) -> None:
    database = Database()
    kept = ProcessCache(database.read, "", is_needed=is_needed)
    kept.get()
    database.is_away = True
    kept.expire()
    assert kept.get() == "answer 1"
    assert not kept.refresh()
    kept.clear()
    database.is_away = False
    assert kept.get() == "answer 2"


def test_what_is_needed_is_never_made_up() -> None:
    """Without its words, search would say that there is nothing."""
    database = Database()
    database.is_away = True
    assert ProcessCache(database.read, "nothing").get() == "nothing"
    with pytest.raises(OperationalError):
        ProcessCache(database.read, "nothing", is_needed=True).get()
