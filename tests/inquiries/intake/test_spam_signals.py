"""What suggests that a bot sent a form, and what does not."""

import time
from typing import Any

import pytest
import time_machine
from django.core.cache.backends.filebased import FileBasedCache

from inquiries import shared_counter
from inquiries.intake import spam_signals
from inquiries.states import SpamSignal
from tests.factories import make_submission

LONG = "I would like to talk with somebody about what my doctor told me last week."


def signs(
    key: str = "form-1", opened_at: float | None = None, network: str = "", **fields: Any
) -> set[SpamSignal]:
    return spam_signals.detect_signals(
        make_submission(**fields), key=key, opened_at=opened_at, network=network
    )


@pytest.mark.parametrize(("seconds", "is_hasty"), [(0.5, True), (2.9, True), (3.1, False)])
def test_a_form_sent_within_three_seconds_is_suspicious(seconds: float, is_hasty: bool) -> None:
    assert (SpamSignal.HASTE in signs(opened_at=time.time() - seconds)) is is_hasty


@pytest.mark.parametrize("seconds", [60, 24 * 60 * 60, 400 * 24 * 60 * 60, -5])
def test_old_forms_and_wrong_clocks_are_not_suspicious(seconds: float) -> None:
    assert signs(opened_at=time.time() - seconds) == set()


def test_one_link_is_normal_but_many_are_suspicious() -> None:
    assert signs(message="I read https://example.org/a and www.example.org") == set()
    many = " ".join(f"https://example.org/{number}" for number in range(3))
    assert signs(message=many) == {SpamSignal.LINKS}
    assert signs(full_name="Cheap pills https://example.org") == {SpamSignal.LINKS}


def test_the_same_text_from_many_forms_is_noticed() -> None:
    found = [signs(key=f"form-{number}", message=LONG) for number in range(12)]
    assert found == [set()] * 10 + [{SpamSignal.REPEATS}] * 2
    assert signs(key="form-x", message=LONG.upper() + " ") == {SpamSignal.REPEATS}, "however spaced"


def test_the_same_text_from_many_networks_counts_as_an_echo() -> None:
    found = [
        signs(key=f"form-{number}", message=LONG, network=f"{number:032x}") for number in range(12)
    ]
    assert found == [set()] * 10 + [{SpamSignal.ECHO}] * 2
    here = [signs(key=f"more-{n}", message=LONG, network=f"{99:032x}") for n in range(11)]
    assert here[-1] == {SpamSignal.REPEATS}, "from one network they are a machine's all the same"


def test_resending_one_form_does_not_count_as_repeats() -> None:
    assert all(signs(message=LONG) == set() for _ in range(20))


def test_repeated_short_texts_are_not_suspicious() -> None:
    assert all(signs(key=f"form-{n}", message="Please call me.") == set() for n in range(20))


@pytest.mark.parametrize(("letters", "is_counted"), [(39, False), (40, True)])
def test_texts_count_as_repeats_from_forty_letters_on(letters: int, is_counted: bool) -> None:
    found = [signs(key=f"form-{n}", message="x " * letters) for n in range(12)]
    assert (SpamSignal.REPEATS in found[-1]) is is_counted


@pytest.mark.parametrize(("minutes", "is_counted"), [(59, True), (61, False)])
def test_the_same_text_counts_for_an_hour(minutes: int, is_counted: bool) -> None:
    now = time.time()
    with time_machine.travel(now, tick=False):
        for number in range(10):
            assert signs(key=f"form-{number}", message=LONG) == set()
    with time_machine.travel(now + 60 * minutes, tick=False):
        assert (SpamSignal.REPEATS in signs(key="form-x", message=LONG)) is is_counted


def test_load_tests_are_not_counted(settings: Any) -> None:
    settings.RATE_LIMITS_ENABLED = False
    assert all(signs(key=f"form-{n}", message=LONG) == set() for n in range(20))


def test_a_failing_cache_makes_nobody_suspicious(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> bool:
        raise OSError("No space left on device")

    monkeypatch.setattr(FileBasedCache, "add", fail)
    assert all(signs(key=f"form-{n}", message=LONG) == set() for n in range(20))


def test_the_cache_holds_no_readable_text(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[object] = []

    class Listening:
        def add(self, *args: object) -> bool:
            kept.extend(args)
            return True

    monkeypatch.setattr(shared_counter, "cache", Listening())
    signs(key="the-key-of-their-form", message=LONG)
    assert kept
    assert "doctor" not in str(kept)
    assert "the-key" not in str(kept)


@pytest.mark.parametrize(
    ("found", "is_enough"),
    [
        (set(), False),
        ({SpamSignal.HASTE}, False),
        ({SpamSignal.LINKS}, False),
        ({SpamSignal.CROWD}, False),
        ({SpamSignal.HASTE, SpamSignal.LINKS}, True),
        ({SpamSignal.CROWD, SpamSignal.HASTE}, False),
        ({SpamSignal.CROWD, SpamSignal.ECHO}, False),
        ({SpamSignal.ECHO, SpamSignal.LINKS}, True),
        ({SpamSignal.BURST}, True),
        ({SpamSignal.TRAP}, True),
        ({SpamSignal.FLOOD}, True),
        ({SpamSignal.REPEATS}, True),
    ],
)
def test_signals_add_up(found: set[SpamSignal], is_enough: bool) -> None:
    assert spam_signals.is_suspicious(found) is is_enough


def test_every_signal_has_a_weight() -> None:
    assert {
        **dict.fromkeys((SpamSignal.TRAP, SpamSignal.FLOOD, SpamSignal.REPEATS), 2),
        **dict.fromkeys((SpamSignal.BURST,), 2),
        **dict.fromkeys((SpamSignal.ECHO, SpamSignal.HASTE, SpamSignal.LINKS), 1),
        SpamSignal.CROWD: 0,
    } == spam_signals.WEIGHTS
    assert set(spam_signals.WEIGHTS) == set(SpamSignal)
    assert spam_signals.SUSPICIOUS_WEIGHT == 2
