"""A process caches as many bytes as it may, and keeps those that were requested last."""

from portal.page_cache.keys import Key
from portal.page_cache.memory import Memory
from portal.page_cache.pages import Page, make_page


def key(number: int) -> Key:
    return Key("https", "portal.example", f"/{number}/", "", "home", "")


def test_the_least_recently_used_page_is_dropped_first() -> None:
    page = make_page(1, [], b"x" * 6_000)
    memory: Memory[Key, Page] = Memory(3 * (page.size + 4_000))
    for number in range(3):
        memory.keep(key(number), page)
    assert memory.get(key(0))
    memory.keep(key(3), page)
    assert [number for number in range(4) if memory.get(key(number))] == [0, 2, 3]


def test_keeping_the_same_page_again_takes_no_more_room() -> None:
    page = make_page(1, [], b"x" * 6_000)
    memory: Memory[Key, Page] = Memory(2 * (page.size + 4_000))
    memory.keep(key(1), page)
    for _ in range(9):
        memory.keep(key(0), page)
    assert memory.get(key(1))


def test_a_page_larger_than_the_whole_memory_is_not_kept() -> None:
    memory: Memory[Key, Page] = Memory(1_000)
    memory.keep(key(0), make_page(1, [], b"x" * 6_000))
    assert memory.get(key(0)) is None
