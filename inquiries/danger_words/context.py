"""Whether found words mean danger where they stand: the one place that takes a word back.

Each kind of cue has its reach. Where two of them disagree, and where none is sure, the word counts.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

from inquiries.danger_words import kept, language
from inquiries.danger_words.automaton import Automaton
from inquiries.danger_words.language import PAUSE, SENTENCE_END

#: Words between a denial and what it denies, or between a word and what is said of it.
_FURTHEST = 10
_LIST_WORDS = 25
_LATER_WORDS = 5
_GENERAL_WORDS = 8
#: Words besides the cue, in a clause that says no more than when: "In the spring of 2009, …".
_ALONE = 3

#: Of these, "if" and "people who" speak as urgently as "I".
_OF_PERSONS = {"self_harm", "abuse"}

_BUT, _AND, _OR, _SUBJECTS, _FILLERS = (
    kept.words("cues", section) for section in ("but", "and", "or", "subjects", "fillers")
)
_STARTS = kept.words("cues", "starts")
_OPENERS = {"in", "on", "during", "back", "around", "about", "when", "en", "durante", "hace", "hacia"}
_LISTS = {"but", "and", "or", "subjects", "starts", "fillers"}
_NO = {"no", "none", "denied", "never", "nope", "negative", "ninguno", "ninguna", "nunca", "not"}


@dataclass(frozen=True)
class Span:
    """From which word to which, both included."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        return self.start <= other.end and other.start <= self.end


@cache
def _automaton() -> tuple[list[str], Automaton]:
    names, parts = [], []
    for name, lines in kept.sections("cues").items():
        if name in _LISTS:
            continue
        names += [name] * len(lines)
        parts += [language.read(line) for line in lines]
    return names, Automaton.of(parts)


def vocabulary() -> Iterable[str]:
    """The words that cues are made of."""
    _, automaton = _automaton()
    return {*automaton.words, *_FILLERS, *_BUT, *_AND, *_SUBJECTS}


class Context:
    """What stands around the found words of one text."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words

    @cached_property
    def _cues(self) -> dict[str, list[Span]]:
        names, automaton = _automaton()
        spans: dict[str, list[Span]] = {name: [] for name in names}
        for found in automaton.find(self.words):
            spans[names[found.pattern]].append(Span(found.start, found.end))
        return spans

    def counts(self, kind: str, start: int, end: int) -> bool:
        """Whether words of this kind of danger mean it, from which to which."""
        found = Span(start, end)
        if any(
            found.overlaps(each) and not found.start < each.start <= each.end < found.end
            for each in self._cues["idiom"]
        ):
            return False
        if any(each.start == end + 1 for each in self._cues["compound"]):
            return False
        if self._is_denied(found) or self._is_denied_later(found):
            return False
        if self._is_past(found):
            return False
        is_personal = self._is_led_by("personal", found)
        if self._is_condition(found) and kind not in _OF_PERSONS:
            return False
        return is_personal or not self._is_of_a_general_kind(found)

    # --- Right before ---

    def _leading(self, name: str, found: Span) -> list[Span]:
        """Cues right before: nothing but fillers between."""
        place = found.start - 1
        by_end: dict[int, list[Span]] = {}
        for each in self._cues[name]:
            by_end.setdefault(each.end, []).append(each)
        leading: list[Span] = []
        while place >= 0 and found.start - place <= _FURTHEST:
            leading += by_end.get(place, ())
            if self.words[place] not in _FILLERS:
                break
            place -= 1
        return leading

    def _is_led_by(self, name: str, found: Span) -> bool:
        return bool(self._leading(name, found))

    def _is_denied(self, found: Span) -> bool:
        denials = self._leading("denied", found) + self._in_list(found)
        void = self._cues["not_denied"]
        return bool(denials) and not any(
            denial.overlaps(each) for denial in denials for each in void
        )

    def _in_list(self, found: Span) -> list[Span]:
        """The denial at the head of a list of which this is an item: no fever, cough or …"""
        place = found.start - 1
        while place >= 0 and self.words[place] in _FILLERS - _OR:
            place -= 1
        if place < 0 or self.words[place] not in _OR | {PAUSE}:
            return []
        stop = place
        while stop >= 0 and found.start - stop <= _LIST_WORDS:
            if self.words[stop] == SENTENCE_END or self.words[stop] in _BUT | _SUBJECTS:
                break
            stop -= 1
        strong = [each for each in self._cues["denied_list"] if stop < each.start < place]
        if strong:
            return strong
        until = self._until(found.end, _BUT)
        joints = self.words[stop + 1 : until]
        is_or = any(each in {"or", "nor", "ni", "o", "u"} for each in joints)
        if not is_or or self.words[place] in {"and", "y"}:
            return []
        return [each for each in self._cues["denied"] if stop < each.start < place]

    # --- Behind ---

    def _until(self, end: int, stops: frozenset[str]) -> int:
        place = end + 1
        while place < len(self.words) and self.words[place] not in stops | {SENTENCE_END}:
            place += 1
        return place

    def _is_denied_later(self, found: Span) -> bool:
        end = found.end + 1
        while end < len(self.words) and self.words[end] in _FILLERS:
            end += 1
        after = self.words[end : end + 3]
        if len(after) > 1 and after[0] in {PAUSE, SENTENCE_END} and after[1] in _NO:
            return len(after) == 2 or after[2] in {PAUSE, SENTENCE_END}
        until = self._until(found.end, _BUT | {PAUSE, "and", "y"})
        return any(
            found.end < each.start <= min(found.end + _LATER_WORDS, until - 1)
            for each in self._cues["denied_later"]
        )

    # --- In the clause ---

    @cached_property
    def _clauses(self) -> list[Span]:
        """Parts of sentences that have a subject of their own."""
        starts = [0]
        for place, (before, word) in enumerate(pairwise(self.words), 1):
            after = self.words[place + 1] if place + 1 < len(self.words) else ""
            if (
                before == SENTENCE_END
                or word in _BUT
                or (before == PAUSE and word in _STARTS)
                or (word in _AND and after in _STARTS)
            ):
                starts.append(place)
        return [Span(start, end - 1) for start, end in pairwise([*starts, len(self.words)])]

    def _clause_of(self, place: int) -> int:
        return next(number for number, clause in enumerate(self._clauses) if place <= clause.end)

    def _in_clause(self, name: str, found: Span) -> list[Span]:
        """Cues in its clause, or alone in one beside it in the same sentence."""
        number = self._clause_of(found.start)
        here = self._clauses[number]
        cues_ = self._cues[name]
        near = [each for each in cues_ if here.start <= each.start <= here.end]
        for beside in (number - 1, number + 1):
            if 0 <= beside < len(self._clauses):
                clause = self._clauses[beside]
                first = self._clauses[max(beside, number)].start
                if self.words[first - 1] == SENTENCE_END or self.words[first] in _BUT:
                    continue
                near += [
                    each
                    for each in cues_
                    if clause.start <= each.start <= each.end <= clause.end
                    and (clause.end - clause.start) - (each.end - each.start) <= _ALONE
                ]
        return near

    def _is_past(self, found: Span) -> bool:
        if self._cues["back"]:
            return False
        if self._leading("past_before", found) or any(
            found.start < each.start <= each.end < found.end for each in self._cues["past_inside"]
        ):
            return True
        clause = self._clauses[self._clause_of(found.start)]
        if any(clause.start <= each.start <= clause.end for each in self._cues["now"]):
            return False
        return bool(self._in_clause("family", found)) or any(
            each.end > found.end or self._opens(each) for each in self._in_clause("past", found)
        )

    def _opens(self, cue: Span) -> bool:
        """Whether it stands where a clause begins: "In the summer of 2009, …"."""
        start = self._clauses[self._clause_of(cue.start)].start
        return cue.start - start <= (4 if self.words[start] in _OPENERS else 2)

    def _is_condition(self, found: Span) -> bool:
        void = self._cues["not_conditional"]
        return any(
            not any(each.overlaps(other) for other in void)
            for each in self._leading("conditional", found)
        )

    def _is_of_a_general_kind(self, found: Span) -> bool:
        if any(
            found.start - _GENERAL_WORDS <= each.end and each.start < found.start
            for each in self._in_clause("general", found)
        ):
            return True
        if any(
            found.end < each.start <= found.end + _LATER_WORDS
            for each in self._in_clause("general_later", found)
        ):
            return True
        return bool(self._in_clause("world", found))
