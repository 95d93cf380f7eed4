"""Whether found words mean danger in context: the only module that dismisses a match.

Each kind of cue (cues.txt) has its own reach. If cues disagree, or none is certain, danger wins.
"""

from functools import cached_property

from inquiries.danger.clauses import ClauseStructure
from inquiries.danger.cues import (
    AND,
    BECAUSE,
    BEFORE_NOUNS,
    BUT,
    FILLERS,
    ME,
    NO,
    OR,
    SUBJECTS,
    TOPICS,
    Span,
)
from inquiries.danger.pattern_syntax import PAUSE, SENTENCE_END

#: The most words between a denial and what it denies, or between words and a remark about them.
_FURTHEST = 10
_LIST_WORDS = 25
_BEGUN_WORDS = 16
_LATER_WORDS = 5
_GENERAL_WORDS = 12
#: For these kinds, "if" and "people who" are as urgent as "I".
_OF_PERSONS = {"self_harm", "abuse"}
#: What a stroke leaves behind looks like these.
_OF_STROKES = {"stroke", "heart"}

_FILLERS_OF_ITEMS = FILLERS - OR
_JOINTS = OR | {PAUSE}
_LIST_STOPS = BUT | SUBJECTS | {SENTENCE_END}
_HOWEVER = {"but", "pero"}
#: A denial of what may come lasts "until" something; one of what was is over then.
_TO_COME = {"do", "does", "will", "would", "can", "could", "should", "quiero", "quiere"}
_UNTIL_WORDS = 5
_LATER_STOPS = BUT | {PAUSE, "and", "y"}


class Context(ClauseStructure):
    """The context of the found words in one text, and the judgment it leads to."""

    def is_danger(self, kind: str, start: int, end: int) -> bool:
        """Return whether the words from `start` to `end` really mean this kind of danger."""
        found = Span(start, end)
        if kind not in _OF_PERSONS and self._is_settled(kind, found):
            return False
        if any(
            taken_back(found)
            for taken_back in (
                *(self._is_idiom, self._is_denied, self._is_past, self._is_of_the_world),
                *(self._is_of_animals, self._is_question),
            )
        ):
            return False
        if kind in _OF_STROKES and self._is_lasting(found):
            return False
        well = self._cues["all_well"]
        if any(not well.overlaps(each) for each in self._cues["having_it"].spans):
            return True
        if kind not in _OF_PERSONS and self._is_condition(found):
            return False
        return self._is_personal(found) or not (
            self._is_general(found) or self._is_only_named(found)
        )

    def is_affirmed(self, start: int, end: int) -> bool:
        """Return whether the words are not denied. What accompanies a danger may be long past."""
        found = Span(start, end)
        return not self._is_idiom(found) and not self._is_denied(found)

    def _is_idiom(self, found: Span) -> bool:
        """Return whether it starts or ends in an idiom. An idiom in its middle changes nothing."""
        idiom = self._cues["idiom"].places
        return found.start in idiom or found.end in idiom or self._is_compound(found)

    def _is_compound(self, found: Span) -> bool:
        return found.end + 1 in self._cues["compound"].starts

    # --- Right before ---

    def _is_denied(self, found: Span) -> bool:
        denials = self._denials(found)
        if denials and not self._has_begun(denials, found):
            return True
        return not self._is_back and (self._is_denied_later(found) or self._is_answered(found))

    def _denials(self, found: Span) -> list[Span]:
        before = [*self._leading("denied", found), *self._of_noun(found), *self._in_list(found)]
        void = self._cues["not_denied"]
        return [each for each in before if not void.overlaps(each)]

    def _has_begun(self, denials: list[Span], found: Span) -> bool:
        """Return whether the denial is over by now: "not before, but now", "not until …"."""
        start = found.end + 1
        stop = min(len(self.words), start + _BEGUN_WORDS)
        sentences = [place for place in range(start, stop) if self.words[place] == SENTENCE_END]
        stop = sentences[1] if len(sentences) > 1 else stop
        if self._cues["begun"].within(start, stop - 1):
            return True
        if any(self._ends_clause(each) for each in self._cues["begun_briefly"].within(start, stop)):
            return True
        until = range(start, min(start + _UNTIL_WORDS, *sentences, len(self.words)))
        around = {
            self.words[place]
            for each in denials
            for place in range(max(0, each.start - 1), min(each.end + 2, len(self.words)))
        }
        return _TO_COME.isdisjoint(around) and not self._cues["until"].starts.isdisjoint(until)

    def _ends_clause(self, cue: Span) -> bool:
        after = self.words[cue.end + 1] if cue.end + 1 < len(self.words) else SENTENCE_END
        return after in {SENTENCE_END, PAUSE} | BUT | AND

    def _of_noun(self, found: Span) -> list[Span]:
        """Return denials one unforeseen word before it: no appreciable bleeding."""
        if found.start < 2 or self.words[found.start - 1] == PAUSE:  # noqa: PLR2004 - two
            return []
        denials = self._cues["denied"].by_end.get(found.start - 2, ())
        return [each for each in denials if self.words[each.end] in BEFORE_NOUNS]

    def _in_list(self, found: Span) -> list[Span]:
        """Return the denial that opens the list this is an item of: no fever, cough or …"""
        joint = found.start - 1
        while joint >= 0 and self.words[joint] in _FILLERS_OF_ITEMS:
            joint -= 1
        if joint < 0 or self.words[joint] not in _JOINTS:
            return []
        stop = joint
        while stop >= 0 and found.start - stop <= _LIST_WORDS:
            if self.words[stop] in _LIST_STOPS:
                break
            stop -= 1
        strong = self._cues["denied_list"].within(stop + 1, joint - 1)
        until = self._until(found.end, BUT, _LIST_WORDS)
        is_or = not OR.isdisjoint({*self.words[stop + 1 : until]} - {"and", "y"})
        if strong or not is_or or self.words[joint] in {"and", "y"}:
            return strong
        return self._cues["denied"].within(stop + 1, joint - 1)

    @cached_property
    def _is_back(self) -> bool:
        void = self._cues["not_back"]
        return any(not void.overlaps(each) for each in self._cues["back"].spans)

    # --- Behind ---

    def _is_denied_later(self, found: Span) -> bool:
        end = found.end + 1
        while end < len(self.words) and self.words[end] in FILLERS:
            end += 1
        pause, answer, further = (*self.words[end : end + 3], *[SENTENCE_END] * 3)[:3]
        if {pause, further} <= {PAUSE, SENTENCE_END} and answer in NO:
            return True
        until = self._until(found.end, _LATER_STOPS, _LATER_WORDS)
        return not self._cues["denied_later"].starts.isdisjoint(range(found.end + 1, until))

    def _is_answered(self, found: Span) -> bool:
        """ "They asked whether I have chest pain, and I said no." """
        until = min(len(self.words), found.end + _FURTHEST)
        asked = self._cues["asked"].within(max(0, found.start - _LIST_WORDS), found.start - 1)
        return bool(asked) and not self._cues["answered"].starts.isdisjoint(
            range(found.end + 1, until)
        )

    # --- In the clause ---

    def _is_past(self, found: Span) -> bool:
        if self._is_back:
            return False
        inside = self._cues["past_inside"].within(found.start + 1, found.end - 1)
        if inside or self._leading("past_before", found):
            return True
        if self._is_now(found):
            return False
        return bool(self._in_clause("family", found)) or any(
            each.end > found.end or self._is_date(each) or self._opens(each)
            for place in {found.start, found.end}
            for each in self._in_clause("past", Span(place, place))
        )

    def _is_now(self, found: Span) -> bool:
        """Return whether it is current, also after "since", but not in "all good now"."""
        well = self._cues["all_well"]
        first, last = self._clause_of(found.start), self._clause_of(found.end)
        return any(
            not well.overlaps(each)
            for number in {first, last, last + 1}
            for each in self._by_clause["now"].get(number, ())
            if number <= last or self.words[each.start] in BECAUSE
        )

    def _is_settled(self, kind: str, found: Span) -> bool:
        """Return whether it is long ago or only a thought, and the sender says all is well now."""
        clause = self._clauses[self._clause_of(found.start)]
        if self._is_back or self._is_now(found) or self.words[clause.start] in _HOWEVER:
            return False
        near = range(found.start - _LIST_WORDS, found.end + _LIST_WORDS)
        if self._cues["all_well"].starts.isdisjoint(near):
            return False
        distant = self._cues["distant"]
        if kind == "urine":  # Years of dialysis are mentioned in a clause of their own.
            return bool(distant.within(max(0, near.start), near.stop))
        return bool(distant.within(clause.start, clause.end)) or clause.end + 1 in distant.starts

    def _is_lasting(self, found: Span) -> bool:
        """Return whether an old stroke left it behind, and nothing about it is new."""
        near = found.start - _LIST_WORDS, found.end + _BEGUN_WORDS
        beside = found.start - _FURTHEST, found.end + _LATER_WORDS
        return (
            not self._is_back
            and bool(self._cues["old_stroke"].within(*near))
            and bool(self._cues["lasting"].within(*beside))
            and not self._cues["fresh"].within(*near)
        )

    def _is_condition(self, found: Span) -> bool:
        void = self._cues["not_conditional"]
        return any(not void.overlaps(each) for each in self._leading("conditional", found))

    def _is_of_animals(self, found: Span) -> bool:
        return bool(self._leading("animals", found))

    def _is_question(self, found: Span) -> bool:
        if self.words[found.start] == "not":
            return False
        return any(
            each.start == 0 or self.words[each.start - 1] == SENTENCE_END
            for each in self._cues["asking"].by_end.get(found.start - 1, ())
        )

    def _is_of_the_world(self, found: Span) -> bool:
        """Return whether it is about work, films, or research, not about the sender or today."""
        now = self._by_clause["now"].get(self._clause_of(found.start), ())
        return (
            bool(self._in_clause("world", found))
            and not (self._leading("first_person", found) or self._is_of_me(found))
            and not any(each.start > found.end for each in now)
        )

    def _is_only_named(self, found: Span) -> bool:
        """Return whether a danger is only named, with nothing that says whose it is."""
        if not TOPICS.issuperset(self.words[found.start : found.end + 1]):
            return False
        if self._clause_of(found.start) in self._by_clause["now"] or self._denials(found):
            return False
        place = found.start - 1
        while place >= 0 and self.words[place] in FILLERS:
            place -= 1
        if place < 0 or self.words[place] in {SENTENCE_END, PAUSE} or self.words[place] in BUT:
            return False
        return not self._leading("anchor", found)

    def _is_personal(self, found: Span) -> bool:
        return bool(self._leading("personal", found)) or self._is_of_me(found)

    def _is_of_me(self, found: Span) -> bool:
        return not ME.isdisjoint(self.words[found.start : found.end + 1])

    def _is_general(self, found: Span) -> bool:
        void = self._cues["not_general"]
        return any(
            found.start - _GENERAL_WORDS <= each.end
            and each.start < found.start
            and not void.overlaps(each)
            for each in self._in_clause("general", found)
        ) or any(
            found.end < each.start <= found.end + _LATER_WORDS
            for each in self._in_clause("general_later", found)
        )
