"""Everything that the formats' own documentation allows is either read or reported by name."""

from typing import Any

import pytest

from articles.bibliography import identifiers, read_file

#: A BibTeX entry, and what must be kept of it.
ENTRIES: dict[str, dict[str, Any]] = {
    "@a{b, title={Main}, subtitle={A trial}, titleaddon={Letter}}": {
        "title": "Main: A trial. Letter"
    },
    "@a{b, title={Is it?}, subtitle={A trial}, date={2014-05/2015}, journaltitle={J}, eid={e12}}": {
        "title": "Is it? A trial", "year": 2014, "journal": "J", "pages": "e12",
    },
    "@a{b, title={T}, doi={{10.1016/j.buildenv.2018.07.033}}, volume=010, number={1:30},"
    " pages={1--12}, pmid={PMID: 123}}": {
        "doi": "10.1016/j.buildenv.2018.07.033", "volume": "010", "issue": "1:30",
        "pages": "1-12", "pmid": "123",
    },
    r"@a{b, title={T}, doi={10.1000/abc\_d}, howpublished={\url{https://x.org/c}}}": {
        "doi": "10.1000/abc_d", "url": "https://x.org/c",
    },
    "@a{b, title={T}, eprint={2101.00001}, archivePrefix={arXiv}}": {
        "journal": "arXiv", "url": "https://arxiv.org/abs/2101.00001",
    },
    "@a{b, title={T}, eprint={12345}, eprinttype={pubmed}}": {"pmid": "12345"},
    "@a{b, title={T}, note={PMID: 777}}": {"pmid": "777"},
    '@string{jama = "J Am" # " Med"}\n@comment{x @a{z, title={no}}}\n@preamble{"\\foo"}\n'
    '@a{b, title = "One " # {two} # " three", journal = jama, month = jan}': {
        "title": "One two three", "journal": "J Am Med",
    },
    "@inproceedings{b, title={T}, crossref={p}}\n@book{p, title={Host}, editor={Ed, A}}": {
        "journal": "Host", "authors": "",
    },
    "@a{b, title={T}, xdata={x}}\n@xdata{x, publisher={P}, date={2001}}": {
        "journal": "P", "year": 2001,
    },
    "@book{b, title={T}, editor={Ed, A}, publisher={P}}": {"authors": "Ed A", "journal": "P"},
    "@MISC(b, Title = {T}, YEAR = \"2012a\")": {"title": "T", "year": 2012},
    "@inproceedings{b, title={T}, crossref={p}}\n@book{p, title={Host}, crossref={q}}\n"
    "@book{q, title={Series}, year={2003}}": {"journal": "Host", "year": 2003},
    "@a{b, title={T}, xdata={x}}\n@xdata{x, publisher={P}, xdata={y}}\n@xdata{y, date={2001}}": {
        "journal": "P", "year": 2001,
    },
    "@a{b, title={T}, crossref={c}}\n@book{c, title={Host}, year=2004, crossref={b}}": {
        "title": "T", "journal": "Host", "year": 2004,
    },
    "@ article{z, title={Two}, year=2013}": {"title": "Two", "year": 2013},
    "@\narticle\n{z, title={Two @ home {x}}, year=2013}": {"title": "Two @ home x", "year": 2013},
    "TY  - JOUR\nT1  - H<sub>2</sub>O\n  goes on\nJF  - J\nY1  - 2014/11/03/\nVL  - 010\nSP  - 12\n"
    "EP  - 19\nAN  - 24943\nDB  - PubMed\nUR  - https://x.org\n": {
        "title": "H₂O goes on", "journal": "J", "year": 2014, "volume": "010", "pages": "12-19",
        "pmid": "24943", "url": "https://x.org",
    },
    "TY  - BOOK\nA1  - M&uuml;ller, K\nA2  - Ed, B\nBT  - T\nT2  - Series\nPB  - P\n"
    "PY  - 2001///": {
        "authors": "Müller K", "title": "T", "journal": "P", "year": 2001,
    },
    "ty - CHAP\nAU - Roe, R\nTI - T\nT2 - Host\nED - Ed, B\nDA - 2002/01\nC1 - x\nER -": {
        "authors": "Roe R", "journal": "Host", "year": 2002,
    },
    '[{"title": "T", "author": [{"family": "Berg", "given": "Jan", "non-dropping-particle": '
    '"van"}, {"literal": "WHO"}], "issued": {"date-parts": [[2014, 1]]}, "DOI": "10.1000/X", '
    '"container-title": ["J"], "volume": "010"}]': {
        "authors": "van Berg J, WHO", "year": 2014, "doi": "10.1000/x", "journal": "J",
        "volume": "010",
    },
    '[{"type": "report", "title": "T", "number": "12", "publisher": "WHO"}]': {
        "pages": "", "issue": "12", "journal": "WHO",
    },
    '[{"type": "patent", "title": "T", "number": 7654321}]': {"pages": "", "issue": "7654321"},
    '[{"type": "article-journal", "title": "T", "number": "e12", "issue": "3"}]': {
        "pages": "e12", "issue": "3",
    },
    '[{"title": ["Lupus cells"], "subtitle": ["a randomised trial"]}]': {
        "title": "Lupus cells: a randomised trial",
    },
    '[{"title": ["Is it?"], "subtitle": ["A trial"]}]': {"title": "Is it? A trial"},
    "PMID- 123\nDP  - 2014 Nov\nTI  - A long\n      title.\nLID - 10.1000/abc [doi]\n"
    "FAU - Gu, Fei\nAU  - Gu F\nTA  - J\nPT  - Randomized Controlled Trial\n": {
        "authors": "Gu F", "title": "A long title", "doi": "10.1000/abc", "pmid": "123",
        "design": "randomised",
    },
    "Doe, J., & Roe, R. (2014). Cells in lupus. J Lupus. 2014;3(1):5-6.": {
        "authors": "Doe J, Roe R", "title": "Cells in lupus",
    },
}  # fmt: skip

#: A DOI or an address as LaTeX has it, by its field, and what it stands for.
ADDRESSES = {
    r"doi={\href{https://doi.org/10.1016/j.x}{10.1016/j.x}}": "10.1016/j.x",
    r"doi={10.1002/(SICI)1$<$2::AID$>$3}": "10.1002/(sici)1<2::aid>3",
    r"url={\href{https://x.org/a}{Website}}": "https://x.org/a",
    r"url={https://x.org/{\textasciitilde}smith}": "https://x.org/~smith",
    r"url={https://x.org/$\sim$smith}": "https://x.org/~smith",
    r"url={https://x.org/\~{}smith}": "https://x.org/~smith",
    r"url={https://x.org/a{\textunderscore}b\_c\%20d}": "https://x.org/a_b_c%20d",
    r"url={https://x.org/?a=$1$}": "https://x.org/?a=$1$",
    r"url={(https://x.org/a).}": "https://x.org/a",
    r"howpublished={\href{https://x.org/a}{Website}, 2014}": "https://x.org/a",
    r"howpublished={Available at \url{https://x.org/a}, accessed 3 May}": "https://x.org/a",
    r"howpublished={(https://x.org/a).}": "https://x.org/a",
    r"howpublished={\url{https://x.org/{\textasciitilde}a}(2014)}": "https://x.org/~a",
    r"howpublished={https://x.org/a_(b)}": "https://x.org/a_(b)",
}


@pytest.mark.parametrize("field", ADDRESSES)
def test_an_address_is_read_without_its_commands(field: str) -> None:
    [source] = read_file(f"@a{{b, title={{T}}, {field}}}".encode()).sources
    assert (source.doi or source.url) == ADDRESSES[field]


@pytest.mark.parametrize("raw", ENTRIES)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_everything_a_format_allows_is_read(raw: str, ending: str) -> None:
    entry = read_file(b"\xef\xbb\xbf" + raw.replace("\n", ending).encode()).entries[0]
    assert entry.source, entry.problems
    found = {name: getattr(entry.source, name) for name in ENTRIES[raw]}
    assert found == ENTRIES[raw]
    assert not entry.is_doubtful


@pytest.mark.parametrize(
    ("raw", "titles", "named"),
    [
        ("@a{b title={x}}\n@a{c, title={C}}\n@a{d, title={open, year=1}\n@a{e, title={E}}",
         ["C", "E"], "A brace, a quotation mark, or a comma is missing"),
        ("@a{b, title={B}, journal=nope}", ["B"], "“journal = nope” is an abbreviation"),
        ("@a{b, title={B}, crossref={nope}}", ["B"], "refers to “nope”"),
        (("@a{a, title={A}}\n@ string{j = {J}}\n@ a{b, title={B}, crossref={c}, journal=j}\n"
         "@xdata{c, xdata={nope}}"), ["A", "B"], "Line 3: This entry refers to “nope”"),
        ("@a{b, title={B}, title={C}}", ["B"], "“title” appears twice"),
        (r"@a{b, title={B \foo x}}", ["B x"], r"the command “\foo”"),
        ("TY  - JOUR\nTI  - A\nTY  - JOUR\nTI  - B\nER  - \nAU  - Lost, X\n", ["A", "B"],
         "not part of an entry"),
        ("TY  - JOUR\nTI  - A\nPY  - in press\nDO  - none\nER  - ", ["A"], "isn’t a year"),
        ("[{\"title\": \"A\"}, 7]", ["A"], "isn’t a reference"),
    ],
)  # fmt: skip
def test_one_bad_entry_is_named_and_does_not_affect_others(
    raw: str, titles: list[str], named: str
) -> None:
    reading = read_file(raw.encode())
    assert [source.title for source in reading.sources] == titles
    assert named in " ".join(map(str, reading.problems))


def test_a_letter_in_another_encoding_affects_only_its_own_line() -> None:
    raw = b"TY  - JOUR\nTI  - One\nAU  - Sj\xf6gren, H\nER  - \nTY  - JOUR\nTI  - Tw\xc3\xb6\n"
    first, second = read_file(raw).entries
    assert first.source
    assert second.source
    assert (first.source.authors, second.source.title) == ("Sjögren H", "Twö")
    assert "isn’t UTF-8" in " ".join(first.problems)
    assert not second.problems


SAYS = {
    "RETRACTED: Cells cure lupus": "retracted",
    "[Retracted] Cells": "retracted",
    "Cells cure lupus (Retracted)": "retracted",
    "RETRACTED ARTICLE: Cells": "retracted",
    "WITHDRAWN: Cells": "retracted",
    "Retraction: Cells": "retracted",
    "Retraction of “Cells cure lupus”": "retracted",
    "Notice of retraction: Cells": "retracted",
    "Expression of concern: Cells": "disputed",
    "Stem cells (Retracted Article. See vol. 34, pg. 1, 2015)": "retracted",
    "Statement of Retraction: Mesenchymal cells": "retracted",
    "Lupus. (Retraction of vol 33, pg 1611, 2014)": "retracted",
    "Stem cells [Retraction]": "retracted",
    "Stem cells (retracted 2015)": "retracted",
    "Stem cells (this article has been retracted)": "retracted",
    "Stem cells. Retracted": "retracted",
    "Outcomes in patients withdrawn from dialysis": "current",
    "Withdrawn consent: a study": "current",
    "Withdrawal-related symptoms in lupus": "current",
    "Steroid withdrawal: a trial": "current",
    "Patients (withdrawn from dialysis) in lupus": "current",
    "Catheters: tunneled versus self-removed": "current",
    "Withdrawn-patient outcomes": "current",
}


@pytest.mark.parametrize("title", SAYS)
def test_a_title_suggests_the_standing_of_its_source(title: str) -> None:
    [entry] = read_file(f"TY  - JOUR\nTI  - {title}\nER  - ".encode()).entries
    assert entry.source
    assert (entry.source.standing, entry.is_doubtful) == (SAYS[title], False)
    assert bool(entry.problems) == (SAYS[title] != "current"), "never without a word"


@pytest.mark.parametrize(
    "title",
    [
        "Retraction of the eyelid",
        "Withdrawal: how to stop steroids safely in lupus",
        "Removal: a history of dialysis catheters",
        "Withdrawal of (hydroxy)chloroquine",
        "Retracted papers: an analysis",
        "Rofecoxib (withdrawn) and mortality",
        "RETRACTED ARTICLE Lupus cells",
        "Partial retraction of the eyelid",
    ],
)
def test_a_person_decides_whether_retraction_is_meant(title: str) -> None:
    [entry] = read_file(f"TY  - JOUR\nTI  - {title}\nER  - ".encode()).entries
    assert entry.is_doubtful


PUBMED = "PMID- 1\nTI  - T\nPT  - Journal Article\n"
RIS = "TY  - JOUR\nTI  - T\n"
#: A file whose notes say what became of the source: its status, and whether that is in doubt.
NOTED = {
    f"{PUBMED}ECI - Lancet. 2015;1:2. PMID: 25000000\n": ("disputed", False),
    f"{PUBMED}RIN - Lancet. 2015;1:2\n": ("retracted", False),
    f"{PUBMED}ECI - Lancet. 2014\nRIN - Lancet. 2015;1:2\n": ("retracted", False),
    f"{PUBMED}PRIN- Lancet. 2015;1:2\n": ("disputed", False),
    f"{PUBMED}RRI - Lancet. 2015;1:2\n": ("retracted", False),
    f"{PUBMED}PT  - Retraction of Publication\n": ("retracted", False),
    f"{PUBMED}PT  - Retraction Notice\nROF - Lancet. 2014\n": ("retracted", False),
    f"{PUBMED}ROF - Lancet. 2014\n": ("retracted", False),
    f"{PUBMED}EIN - Lancet. 2014\nCIN - Lancet. 2014\n": ("current", False),
    "@a{b, title={T}, note={PMID: 24633461}, pubstate={retracted}}": ("retracted", False),
    "@a{b, title={T}, note={Accessed 3 May}, addendum={Retracted in 2016}}": ("retracted", False),
    "@a{b, title={T}, note={PMID: 24633461. Retracted in 2016}}": ("retracted", False),
    "@a{b, title={T}, note={Not retracted}}": ("retracted", True),
    "@a{b, title={T}, note={Withdrawn from the market}}": ("retracted", True),
    "@a{b, title={T}, note={Accessed 3 May}, keywords={lupus, Retracted Publication}}": (
        "retracted", False,
    ),
    f"{RIS}M3  - Journal Article\nM3  - Retracted Publication\n": ("retracted", False),
    f"{RIS}M3  - Journal Article; Retracted Publication\n": ("retracted", False),
    f"{RIS}N1  - Comment in: Lancet\nN1  - Retraction in: Lancet. 2015\n": ("retracted", False),
    f"{RIS}N1  - Expression of concern in: Lancet. 2015\n": ("disputed", False),
    f"{RIS}N1  - Old. Withdrawn patients were few.\n": ("current", False),
    f"{RIS}KW  - Retraction of Publication as Topic\n": ("current", False),
    '[{"title": "T", "status": "published", "note": "PMID: 1\\nRetracted: 2015"}]': (
        "retracted", False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("raw", NOTED)
def test_a_note_suggests_the_standing_of_its_source(raw: str) -> None:
    [entry] = read_file(raw.encode()).entries
    assert entry.source
    assert (entry.source.standing, entry.is_doubtful) == NOTED[raw]
    assert bool(entry.problems) == (NOTED[raw][0] != "current"), "never without a word"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("{10.1000/X}", "10.1000/x"),
        ("doi.org/10.1000/X", "10.1000/x"),
        ("10.1000/X [doi]", "10.1000/x"),
        ("https://doi.org/10.1000/X?nosfx=1", "10.1000/x"),
    ],
)
def test_a_doi_is_recognized_however_it_is_written(written: str, kept: str) -> None:
    assert identifiers.clean_doi(written) == kept


@pytest.mark.parametrize("pages", ["S12.1-S12.9", "xii-xx", "123; discussion 130-1", "012"])
def test_page_numbers_are_kept_as_journals_write_them(pages: str) -> None:
    assert identifiers.clean_pages(pages) == pages
