"""Author lists from files are split where only one reading is possible, otherwise questioned."""

import json

import pytest

from articles.bibliography import read_file
from articles.bibliography.bibtex import read_bibtex
from articles.bibliography.people import read_person
from articles.bibliography.ris import read_ris

#: An author string from a file, and the names that it stands for.
CLEAR = {
    "Wilshut E, Rinkenauer G, Brookhuis KA, Falkenstein M": [
        "Wilshut E", "Rinkenauer G", "Brookhuis KA", "Falkenstein M",
    ],
    "Wilshut, E.; Rinkenauer, G.": ["Wilshut E", "Rinkenauer G"],
    "Gu, F.": ["Gu F"],
    "Wang, D. L.": ["Wang DL"],
    "Wang D.L.": ["Wang DL"],
    "Gu F": ["Gu F"],
    "Gu F, Wang D": ["Gu F", "Wang D"],
    "D. L. Wang": ["Wang DL"],
    "D. L. Wang, F. Gu": ["Wang DL", "Gu F"],
    "Doe, J., Smith, K., & Roe, L.": ["Doe J", "Smith K", "Roe L"],
    "Doe J, Smith K, and Roe L": ["Doe J", "Smith K", "Roe L"],
    "Doe, J. and Smith, K.": ["Doe J", "Smith K"],
    "et al.": ["et al"],
    "others": ["et al"],
    "Gu, F. et al.": ["Gu F", "et al"],
    "Gu F, et al": ["Gu F", "et al"],
    "King, Martin Luther, Jr.": ["King ML Jr"],
    "King, Jr., Martin Luther": ["King ML Jr"],
    "van der Berg, Jan Hendrik": ["van der Berg JH"],
    "Berg, Jan van der": ["van der Berg J"],
    "Jean-Pierre, M.-C.": ["Jean-Pierre MC"],
    "García Márquez, Gabriel": ["García Márquez G"],
    "World Health Organization": ["World Health Organization"],
    "Food and Drug Administration": ["Food and Drug Administration"],
    "Department of Health, Education and Welfare": ["Department of Health, Education and Welfare"],
    "ISIS-2 Collaborative Group": ["ISIS-2 Collaborative Group"],
    "Gu F, Wang D, The SPRINT Research Group": ["Gu F", "Wang D", "The SPRINT Research Group"],
    "Malcolm X": ["Malcolm X"],
    "Wang L, Wang L, Zhang X": ["Wang L", "Wang L", "Zhang X"],
    "Wang, Lei; Wang, Li": ["Wang L", "Wang L"],
    "Johnson & Johnson": ["Johnson & Johnson"],
    "Dr. Reddy's Laboratories": ["Dr. Reddy's Laboratories"],
    "Smith, John and and Doe, Jane": ["Smith J", "Doe J"],
    "and Smith, John": ["Smith J"],
    "García, Mª José": ["García MJ"],
    "顾, 飞": ["顾 飞"],
}  # fmt: skip


@pytest.mark.parametrize("written", CLEAR)
def test_a_list_in_one_field_is_split_but_an_organization_is_not(written: str) -> None:
    people = read_person(written)
    assert (people.names, people.doubts) == (CLEAR[written], [])


@pytest.mark.parametrize(
    "written",
    [
        "Jane Doe, John Smith, Mary Major",
        "Jane Doe, John Smith",
        "Jane Doe, MD, PhD",
        "Doe J, MD",
        "Smith J1, Doe K2",
        "doe@example.org",
        "Smith & Nephew",
        "Doe¹, Jane",
        "Jane Doe¹",
        "Doe*, Jane",
        "Doeᵃ, Jane",
    ],
)
def test_ambiguous_names_are_reported_and_not_accepted(written: str) -> None:
    for reading in (
        read_bibtex(f"@a{{b, title={{T}}, author={{{written}}}}}".encode()),
        read_ris(f"TY  - JOUR\nTI  - T\nAU  - {written}\nER  - ".encode()),
    ):
        [entry] = reading.entries
        assert entry.is_doubtful
        assert written.split(",", maxsplit=1)[0] in " ".join(entry.problems)


BIBTEX_AUTHORS = {
    "Doe, Jane and et al.": "Doe J, et al",
    "Doe, Jane and others": "Doe J, et al",
    "Gu, F. and Wang, D. L.": "Gu F, Wang DL",
    "Gu F and Wang DL": "Gu F, Wang DL",
    "World Health Organization": "World Health Organization",
    "Food and Drug Administration": "Food and Drug Administration",
    "{Food and Drug Administration} and Doe, J": "Food and Drug Administration, Doe J",
    "{{World Health Organization}}": "World Health Organization",
    "Ludwig van Beethoven": "van Beethoven L",
    r"Charles de la Vall{\'e}e Poussin": "de la Vallée Poussin C",
    "Martin Luther King Jr.": "King ML Jr",
    r"{\"O}zt{\"u}rk, Ay{\c{s}}e and Erd{\H o}s, P{\'a}l": "Öztürk A, Erdős P",
    r"Wilsh{\"u}t E, Rinkenauer G": "Wilshüt E, Rinkenauer G",
    "family=Doe, given=Jane, prefix=van der": "van der Doe J",
    "Doe, Jane; Smith, Karl": "Doe J, Smith K",
    "Wang, Lei and Wang, Li and Zhang, X": "Wang L, Wang L, Zhang X",
    r"Johnson \& Johnson": "Johnson & Johnson",
    "Johnson and Johnson": "Johnson and Johnson",
    "Gu, Fei and Wang, Dan and": "Gu F, Wang D",
    "and Smith, John": "Smith J",
    "Smith, John and and Doe, Jane": "Smith J, Doe J",
    "And, Metin and Metin And": "And M, And M",
    "Dr. John Watson": "Watson J",
    "Dr. Reddy's Laboratories": "Dr. Reddy's Laboratories",
    "Prof. Dr. med. Ana Ruiz and Jane Doe PhD": "Ruiz A, Doe J",
    "Davis, John M III": "Davis JM III",
    "European League Against Rheumatism and Smith, John": (
        "European League Against Rheumatism, Smith J"
    ),
    "National Institute for Health and Care Excellence": (
        "National Institute for Health and Care Excellence"
    ),
    "Smith, John and Centers for Disease Control and Prevention (CDC) and others": (
        "Smith J, Centers for Disease Control and Prevention (CDC), et al"
    ),
    "U.S. Food and Drug Administration and Smith, John": (
        "U.S. Food and Drug Administration, Smith J"
    ),
    "Department of Health, Education and Welfare": "Department of Health Education and Welfare",
    r"Ministerio de Sanidad and Sociedad Espa{\~n}ola de Reumatolog{\'\i}a": (
        "Ministerio de Sanidad, Sociedad Española de Reumatología"
    ),
    "Public Health England and others": "Public Health England, et al",
    "{World Health Organization} and John Smith": "World Health Organization, Smith J",
}


@pytest.mark.parametrize("written", BIBTEX_AUTHORS)
def test_bibtex_authors_are_not_invented(written: str) -> None:
    [entry] = read_bibtex(f"@a{{b, title={{T}}, author={{{written}}}}}".encode()).entries
    assert entry.source
    assert (entry.source.authors, entry.is_doubtful) == (BIBTEX_AUTHORS[written], False)


@pytest.mark.parametrize(
    "written",
    [
        "Ministry of Health and Social Affairs",
        "World Health Organization and John Smith",
        "Department of Energy, Trade and Commerce",
    ],
)
def test_a_name_after_an_organization_may_belong_to_it(written: str) -> None:
    [entry] = read_file(f"@a{{b, title={{T}}, author={{{written}}}}}".encode()).entries
    assert entry.is_doubtful


LITERALS = {
    "Ministerio de Sanidad, Consumo y Bienestar Social": (
        "Ministerio de Sanidad Consumo y Bienestar Social", False,
    ),
    "Smith, J.": ("Smith J", False),
    "Doe J, Smith K": ("Doe J, Smith K", False),
    "Food and Drug Administration": ("Food and Drug Administration", False),
    "Smith, John": ("Smith John", True),
}  # fmt: skip


@pytest.mark.parametrize("literal", LITERALS)
def test_a_literal_name_stays_as_it_is(literal: str) -> None:
    raw = json.dumps([{"title": "T", "author": [{"literal": literal}]}])
    [entry] = read_file(raw.encode()).entries
    assert entry.source
    assert (entry.source.authors, entry.is_doubtful) == LITERALS[literal]


LISTED = {
    "TY  - JOUR\nTI  - T\nAU  - Wang, Lei\nAU  - Wang, Li\n": "Wang L, Wang L",
    "TY  - JOUR\nTI  - T\nAU  - Wang, Lei\nA1  - Wang, Lei\n": "Wang L",
    "TY  - JOUR\nTI  - T\nAU  - Wang, Lei\nAU  - Gu, Fei\nA1  - Wang, L\nA1  - Gu, F\n": (
        "Wang L, Gu F"
    ),
    "PMID- 1\nTI  - T\nFAU - Wang, Lei\nFAU - Wang, Li\n": "Wang L, Wang L",
    '[{"title": "T", "author": [{"family": "Wang", "given": "Lei"}, '
    '{"family": "Wang", "given": "Li"}]}]': "Wang L, Wang L",
    '[{"title": "T", "author": [{"family": "King", "given": "M. L., Jr."}, '
    '{"family": "Gu", "given": "Fei", "suffix": "MD"}]}]': "King ML Jr, Gu F",
    "PMID- 1\nTI  - T\nFAU - O'Shea, John J 3rd\nFAU - King, Martin Luther Jr\n": (
        "O'Shea JJ 3rd, King ML Jr"
    ),
    "Wang L, Wang L, Gu F. Cells in lupus. J Lupus. 2014;3(1):5-6.": "Wang L, Wang L, Gu F",
}


@pytest.mark.parametrize("raw", LISTED)
def test_every_person_is_listed_once(raw: str) -> None:
    [source] = read_file(raw.encode()).sources
    assert source.authors == LISTED[raw]


def test_a_name_written_twice_is_listed_once_and_noted() -> None:
    [entry] = read_file(b"TY  - JOUR\nTI  - T\nAU  - Gu, Fei\nAU  - Gu, Fei\n").entries
    assert entry.source
    assert entry.source.authors == "Gu F"
    assert "written twice" in " ".join(entry.problems)


def test_too_many_authors_are_reported() -> None:
    many = "\n".join(f"AU  - Family{chr(97 + n % 26)}{chr(97 + n // 26)}, A" for n in range(200))
    [entry] = read_ris(f"TY  - JOUR\nTI  - T\n{many}\nER  - ".encode()).entries
    assert entry.source
    assert entry.source.authors.endswith("et al")
    assert "Of 200 authors, the first" in " ".join(entry.problems)
