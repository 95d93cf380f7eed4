"""A source's identifiers, years and addresses are stored in one form, however they are pasted."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError

from articles.bibliography import identifiers


@pytest.mark.parametrize(
    ("clean", "written", "kept"),
    [
        ("doi", "10.1007/S10067-014-2754-4", "10.1007/s10067-014-2754-4"),
        ("doi", " doi: 10.1007/x ", "10.1007/x"),
        ("doi", "DOI:10.1007/x.", "10.1007/x"),
        ("doi", "https://doi.org/10.1002/%28SICI%291", "10.1002/(sici)1"),
        ("doi", "http://dx.doi.org/10.1007/x?utm=1", "10.1007/x"),
        ("pmid", "PMID: 28478399", "28478399"),
        ("pmid", "https://pubmed.ncbi.nlm.nih.gov/28478399/", "28478399"),
        ("registry_id", "nct01741857", "NCT01741857"),
        ("registry_id", "EudraCT: 2004-000446-20", "2004-000446-20"),
        ("registry_id", "chictr-trc-11001234", "ChiCTR-trc-11001234"),
        ("registry_id", "ISRCTN 12345678", "ISRCTN12345678"),
        ("pages", "1611–9", "1611-9"),
        ("pages", "pp. 1611--1619", "1611-1619"),
        ("pages", "S1-S9", "S1-S9"),
        ("pages", "e123", "e123"),
        ("year", "2027", 2027),
        ("key", "gu-2014", "gu-2014"),
        ("url", "https://www.fda.gov/a%20b", "https://www.fda.gov/a%20b"),
    ],
)
def test_pasted_identifiers_are_normalized(clean: str, written: str, kept: str | int) -> None:
    cleaned = getattr(identifiers, f"clean_{clean}")(written)
    assert cleaned == kept
    assert getattr(identifiers, f"clean_{clean}")(cleaned) == cleaned


@pytest.mark.parametrize(
    ("clean", "written"),
    [
        *(("doi", each) for each in ("10.1007", "11.1007/x", "10.1007/a b", "10.1007/a\x00b")),
        *(("doi", each) for each in ("javascript:10.1007/x", "10.1007/a\u200bb", "10.1/x" * 99)),
        *(("pmid", each) for each in ("0", "123456789", "12a", "１２３", "-5")),  # noqa: RUF001
        *(("registry_id", each) for each in ("NCT123", "ABC12345678", "NCT0174185７")),  # noqa: RUF001
        *(("pages", each) for each in ("many", "1-2-3", "<b>1</b>")),
        *(("year", each) for each in ("1599", "2028", "20 14", "２０１４", "")),  # noqa: RUF001
        *(("key", each) for each in ("", "Gu-2014", "2014-gu", "gu_2014", "a" * 61, "gu]")),
        *(("url", each) for each in ("javascript:alert(1)", "//a.example", "https://[", "ftp://a")),
    ],
)
def test_malformed_identifiers_are_refused_with_a_message(clean: str, written: str) -> None:
    with pytest.raises(ValidationError) as refused:
        getattr(identifiers, f"clean_{clean}")(written)
    assert len(refused.value.messages[0]) < 200


def test_a_year_stays_valid_after_new_year() -> None:
    with time_machine.travel(datetime(2031, 6, 1, tzinfo=UTC), tick=False):
        assert identifiers.clean_year("2032") == 2032
