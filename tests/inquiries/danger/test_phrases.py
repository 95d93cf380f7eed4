"""Danger words are found however they are written, and a person judges what they mean."""

import importlib
import unicodedata
from cProfile import Profile

import pytest
from django.apps import apps
from django.db import OperationalError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from inquiries.danger import phrases
from inquiries.migrations.initial import seeds
from inquiries.models import AuditEntry, DangerPhrase
from portal.models import User
from tests.inquiries.danger import sentences as danger_sentences

pytestmark = pytest.mark.django_db

ADMIN = "/admin/inquiries/dangerphrase/"
SHIPPED = phrases.Patterns.of(phrases.shipped_patterns())
SPOKEN = [each for sentences in danger_sentences.of_danger().values() for each in sentences]
UNSEEN = "\u200b\u00ad\ufeff\u200e\u2060"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    phrases.clear_cache()


@pytest.mark.parametrize(
    "text",
    [
        "I want to kill myself.",
        "Sometimes I WANT TO DIE",
        "I can’t breathe",
        "I can't breathe at night",
        "there is chest-pain since noon",
        "Me duele: dolor en el pecho",
        "Él se desmayo ayer",
        "mi hijo tuvo una CONVULSIÓN",
        "no   puedo\nrespirar",
    ],
)
def test_danger_words_are_found_however_they_are_written(text: str) -> None:
    assert phrases.has_danger_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I would like to understand my test results.",
        "My chest X-ray was normal. The pain is in my knee.",
        "Is this treatment killing cells?",
        "Me gustaría hablar con alguien.",
    ],
)
def test_other_words_are_not_marked(text: str) -> None:
    assert not phrases.has_danger_words(text)


@pytest.mark.parametrize(
    "text",
    [
        *("My daughter wants to die", "He tried to kill himself last night"),
        *("I have had chest pains", "I keep having seizures", "I wish I were dead"),
        *("i dont want to live anymore", "end it all", "my chest hurts", "fainted"),
        *("not waking up", "bleeding and confused", "me duele el pecho"),
    ],
)
def test_intake_danger_is_found_in_any_person_tense_or_number(text: str) -> None:
    assert phrases.has_danger_words(text)


@pytest.mark.parametrize(
    "text",
    [
        *("cant breth", "I CANT BREATHEEEE", "can;t breathe", "can t breathe", "icantbreathe"),
        *("I want to d1e", "k*ll myself", "su!cide", "s u i c i d e", "wanttodie", "ki11 myself"),
        *(
            "che\u200bst pa\u00adin",
            "\uff43\uff48\uff45\uff53\uff54 pain",
            "chest 😭 pain",
            "siezure",
            "bleding",
        ),
        *("chset pian", "I cnat breathe", "cant move my rihgt arm"),
        *("no kiero vivir", "bomitando sangre", "desmallo", "convulcion", "me duele el pexo"),
    ],
)
def test_intake_danger_is_found_however_it_is_spelled(text: str) -> None:
    assert phrases.has_danger_words(text)


@pytest.mark.parametrize(
    "text",
    [
        *("I can't stop bleeding", "no puedo respirar", "I don't want to live"),
        *("he is not waking up", "I can't say I'm not suicidal"),
        *("no chest pain but I can't breathe", "He isn't drunk, his speech is slurred"),
        "it's not a heart attack, is it? my arm is numb and my chest is tight",
        "I had a heart attack in 2009 and it feels the same now",
        "she says she'd be better off dead",
        "As you know I have had lupus since 2019 and she passed out",
        "Kidney transplant three months ago, fever since last night",
    ],
)
def test_intake_a_denial_never_hides_danger(text: str) -> None:
    assert phrases.has_danger_words(text)


@pytest.mark.parametrize(
    "text",
    [
        *("no chest pain", "I am not suicidal", "niega dolor de pecho", "never had a seizure"),
        *("the stroke was ruled out", "I had a heart attack in 2009", "seizures as a child"),
        *("dying to know", "this paperwork is killing me", "breathtaking", "a stroke of luck"),
        *("heartbroken", "my heart skipped when I read the good news", "I was dying to know"),
        *("can this drug cause seizures?", "what are the signs of a stroke?"),
        *("chest X-ray was clear", "me desmayé hace diez años"),
        *("I fainted in March, they fixed it and I am fine now", "his seizure was in a 2019 crash"),
        *("They stopped the bleeding last week", "De niña se me cerró la garganta"),
    ],
)
def test_intake_words_that_only_sound_like_danger_are_not_marked(text: str) -> None:
    assert not phrases.has_danger_words(text)


def test_a_match_gives_its_kind_language_and_words_as_written() -> None:
    assert phrases.find_matches("Hello.  My CHEST\nhurts, help") == (
        phrases.Match("heart", "en", "CHEST hurts"),
    )
    assert phrases.languages_in("Me duele el pecho") == ("es",)
    assert set(phrases.languages_in("My chest hurts. No puedo respirar.")) == {"en", "es"}
    assert phrases.languages_in("Hello") == ()


def test_the_clinics_list_contains_the_built_in_patterns() -> None:
    rows = DangerPhrase.objects.values_list("kind", "language", "phrase")
    shipped = phrases.shipped_patterns()
    assert set(rows) == set(shipped), "a migration has to bring what was changed"
    assert not [pattern for _, _, pattern in shipped if phrases.pattern_problem(pattern)]


def test_patterns_shipped_later_are_added_once_to_a_list_that_is_not_empty() -> None:
    later = importlib.import_module("inquiries.migrations.0018_danger_words")
    DangerPhrase.objects.all().delete()
    later.add_patterns(apps, None)
    assert not DangerPhrase.objects.exists(), "all that is shipped applies to an empty list"
    DangerPhrase.objects.create(kind="other", language="en", phrase="blue foot")
    more = {*seeds.danger_patterns(later.MORE_PATTERNS)}
    for _ in range(2):
        later.add_patterns(apps, None)
        rows = DangerPhrase.objects.values_list("kind", "language", "phrase")
        assert sorted(rows) == sorted({*more, ("other", "en", "blue foot")})


def test_a_leads_edits_to_the_list_take_effect_at_once(client: Client, lead: User) -> None:
    client.force_login(lead)
    client.post(f"{ADMIN}add/", {"kind": "other", "phrase": "blue foot", "language": "en"})
    assert phrases.has_danger_words("I have a Blue Foot.")
    phrase = DangerPhrase.objects.get(phrase="blue foot")
    client.post(f"{ADMIN}{phrase.pk}/delete/", {"post": "yes"})
    assert not phrases.has_danger_words("I have a Blue Foot.")
    kept = AuditEntry.objects.filter(kind=AuditEntry.Kind.PHRASES_CHANGED).order_by("number")
    assert [(each.by, each.detail["change"]) for each in kept] == [
        (lead, "added"),
        (lead, "removed"),
    ]


def test_the_built_in_patterns_apply_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*args: object, **kwargs: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(phrases._patterns, "value", phrases.Patterns.of(()))
    phrases.clear_cache()
    monkeypatch.setattr(DangerPhrase.objects, "values_list", down)
    assert phrases.has_danger_words("I have chest pain.")


def test_patterns_are_rebuilt_only_when_the_list_changes() -> None:
    assert phrases.has_danger_words("My chest hurts")
    made = phrases._patterns.value
    phrases.clear_cache()
    assert phrases.has_danger_words("My chest hurts")
    assert phrases._patterns.value is made


@given(st.text())
def test_no_text_causes_an_error(text: str) -> None:
    assert isinstance(SHIPPED.matches(text), tuple)


@given(st.sampled_from(SPOKEN), st.data())
def test_intake_invisible_characters_change_nothing(text: str, data: st.DataObject) -> None:
    places = data.draw(st.lists(st.integers(0, len(text)), max_size=8))
    hidden = text
    for place in places:
        hidden = hidden[:place] + data.draw(st.sampled_from(UNSEEN)) + hidden[place:]
    assert SHIPPED.matches(hidden) == SHIPPED.matches(text)


@given(st.sampled_from([*SPOKEN, *danger_sentences.lines("hard")]))
def test_case_and_accents_change_nothing(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)
    bare = "".join(each for each in apart if not unicodedata.combining(each))
    marked = bool(SHIPPED.matches(text))
    for written in (text.upper(), text.lower(), apart, bare):
        assert bool(SHIPPED.matches(written)) == marked


@pytest.mark.parametrize(
    "text",
    [
        " ".join(danger_sentences.lines("ordinary")),
        ". ".join(SPOKEN),
        "no fever, " * 500 + "suicide",
        "without " + "suicide, " * 550,
        *("not want to " * 400, "k*" * 2500, "a'" * 2500, "s u i c i d e " * 400, "a" * 5000),
        *("killmyself" * 500, "e\u0301" * 2500, "seizure in 2009 " * 320, ", " * 2500),
    ],
    ids=lambda text: text[:12],
)
def test_matching_cost_grows_linearly_with_message_length(text: str) -> None:
    """The cost is counted in function calls, which a busy machine does not change."""

    def calls(length: int) -> int:
        SHIPPED.matches(text[:length])  # warms up what is built or cached once
        profile = Profile()
        profile.runcall(SHIPPED.matches, text[:length])
        return sum(each.callcount for each in profile.getstats())

    assert calls(5000) < 3 * calls(2500) + 1000
