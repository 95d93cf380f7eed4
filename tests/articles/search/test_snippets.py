"""Where a result marks the words that were looked for."""

import pytest

from articles.search import snippets


@pytest.mark.parametrize(
    ("text", "stems", "language", "marked"),
    [
        ("Kidneys clean it.", {"kidney"}, "en", "<mark>Kidneys</mark> clean it."),
        ("A biopsy. Biopsies", {"biopsi"}, "en", "A <mark>biopsy</mark>. <mark>Biopsies</mark>"),
        ("Los riñones", {"rinon"}, "es", "Los <mark>riñones</mark>"),
        ("İyi RIÑÓN, l’eau", {"rinon", "eau"}, "es", "İyi <mark>RIÑÓN</mark>, l’<mark>eau</mark>"),
        ("The patient`s kidney", {"patient"}, "en", "The <mark>patient`s</mark> kidney"),
        ("A kidney-like pankidney", {"kidney"}, "en", "A <mark>kidney</mark>-like pankidney"),
        ("<b>Kidney & it", {"kidney"}, "en", "&lt;b&gt;<mark>Kidney</mark> &amp; it"),
        ("Nothing here", set(), "en", "Nothing here"),
        ("kid", {"kidney"}, "en", "kid"),
    ],
)  # fmt: skip
def test_words_are_marked_in_any_form_and_nothing_else_is_html(
    text: str, stems: set[str], language: str, marked: str
) -> None:
    assert snippets.mark(text, stems, language) == marked


def test_an_excerpt_begins_shortly_before_the_first_word() -> None:
    text = "Rest. " * 60 + "Foamy urine is a sign. " + "Rest. " * 60
    part = snippets.excerpt(text, {"urin"}, "en")
    assert part.startswith("… ")
    assert part.endswith(" …")
    assert "Foamy urine" in part
    assert len(part) <= snippets.LENGTH + 4
    assert snippets.excerpt(text, {"kidney"}, "en") == ""
    assert snippets.excerpt("Urine.", {"urin"}, "en") == "Urine."


def test_what_a_study_counted_is_not_shown_out_of_its_place() -> None:
    text = (
        "With the cells, 9 of 12 went into remission. "
        + "Rest. " * 60
        + "Remission means that the "
        "signs of the disease are gone."
    )
    assert "9 of 12" not in snippets.excerpt(text, {"remiss"}, "en")
    assert "Remission means" in snippets.excerpt(text, {"remiss"}, "en")
    for counted in ("9 of the 12 in remission", "75% in remission", "remisión en 9 de las 12"):
        assert not snippets.excerpt(counted, {"remiss", "remision"}, "en"), counted
