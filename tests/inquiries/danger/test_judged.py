"""How well danger words are found, measured on sentences that people judged.

The figures, every miss and every false alarm are printed; `pytest -s` shows them.
"""

import pytest

from inquiries.danger import phrases
from inquiries.models import DangerPhrase
from tests.inquiries.danger import sentences as danger_sentences

pytestmark = pytest.mark.once

SHIPPED = phrases.Patterns.of(phrases.shipped_patterns())

#: Sentences of danger that are tested next to each line of sentences/beside.txt.
SPOKEN = [
    *("he hits me", "I can't breathe", "she passed out", "I want to die", "my chest hurts"),
    *("his face is drooping", "he isn't waking up", "I haven't peed since yesterday"),
    *("she took all her pills", "my throat is swelling", "I'm bleeding a lot", "I am suicidal"),
    *("he is having a seizure", "I have a fever of 103", "me duele el pecho", "quiero morir"),
    *("no puedo respirar", "mi esposo me pega", "está convulsionando", "no orina desde ayer"),
]
#: Questions, denials, old stories and reports about others that contain danger words.
UNSPOKEN = [
    *("I have never had {}", "I don't have {}", "no {} at all", "She denies {}", "We ruled out {}"),
    *("{} was ruled out", "without {}, thank God", "there's no sign of {}", "I used to have {}"),
    *("I had {} ten years ago", "In 2008 I had {}", "As a kid I had {}", "My aunt died of {}"),
    *("There's a family history of {}", "{} runs in my family", "Can this drug cause {}?"),
    *("Does lupus increase the risk of {}?", "What are the warning signs of {}?", "What is {}?"),
    *("Is {} a side effect of this drug?", "What should I do in case of {}?"),
    *("The leaflet warns about {}", "I read an article about {}", "I'm writing a thesis on {}"),
    *("The movie was about a man with {}", "My doctor told me to watch for {}"),
    *("How do doctors treat {}?", "Thankfully it wasn't {}", "The test showed no {}"),
]
TERMS = [
    *("chest pain", "a heart attack", "a stroke", "a seizure", "fainting spells", "an overdose"),
    *("suicidal thoughts", "trouble breathing", "heavy bleeding", "anaphylaxis", "sepsis"),
]


def _marked(sentence: str) -> bool:
    return bool(SHIPPED.matches(sentence))


def test_intake_danger_is_found_with_few_false_alarms(capsys: pytest.CaptureFixture[str]) -> None:
    missed = {
        kind: [sentence for sentence in sentences if not _marked(sentence)]
        for kind, sentences in danger_sentences.of_danger().items()
    }
    counts = {kind: len(found) for kind, found in danger_sentences.of_danger().items()}
    wrong = {
        name: [sentence for sentence in danger_sentences.lines(name) if _marked(sentence)]
        for name in ("hard", "ordinary")
    }
    told = [
        *(
            f"{kind}: {1 - len(missed[kind]) / count:.1%} of {count}"
            for kind, count in counts.items()
        ),
        *(f"missed: {sentence}" for sentences in missed.values() for sentence in sentences),
        *(f"false alarm: {sentence}" for sentences in wrong.values() for sentence in sentences),
    ]
    report = "\n".join(told)
    with capsys.disabled():
        print(f"\n{report}")  # noqa: T201 - the figures are what this test is for
    recall = 1 - sum(map(len, missed.values())) / sum(counts.values())
    assert set(counts) == set(DangerPhrase.Kind.values)
    assert min(counts.values()) >= 30
    assert min(1 - len(missed[kind]) / counts[kind] for kind in counts) >= 0.85, report
    assert recall >= 0.95, report
    assert len(wrong["hard"]) <= 0.1 * len(danger_sentences.lines("hard")), report
    assert len(wrong["ordinary"]) <= 0.01 * len(danger_sentences.lines("ordinary")), report
    assert len(danger_sentences.lines("hard")) >= 250
    assert len(danger_sentences.lines("ordinary")) >= 300


@pytest.mark.parametrize(("dangerous", "twin"), danger_sentences.pairs())
def test_intake_a_dangerous_sentence_and_its_harmless_twin_are_told_apart(
    dangerous: str, twin: str
) -> None:
    assert _marked(dangerous)
    assert not _marked(twin)


@pytest.mark.parametrize("beside", danger_sentences.lines("beside"))
def test_intake_danger_is_found_whatever_surrounds_it(beside: str) -> None:
    assert not [each for each in SPOKEN if not _marked(beside.replace("___", each))]


@pytest.mark.parametrize("shape", UNSPOKEN)
def test_intake_words_not_meant_now_are_not_danger(shape: str) -> None:
    assert not [each for each in TERMS if _marked(shape.format(each))]
