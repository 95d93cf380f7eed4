"""The evidence card of a finding: what was tested on whom, what was found, how sure one can be.

The rules follow Gigerenzer G et al. (Helping doctors and patients make sense of health statistics.
Psychol Sci Public Interest 2007;8:53-96) and the fact boxes of the Harding Center for Risk
Literacy: counts with the same denominator for benefit and harm, side by side, with the limits next
to them. Deaths have their own row, every comparison says what all groups got, and each number is
there once.
"""

from collections.abc import Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from articles.rendering import card_words, group_sizes, icon_arrays, proportions
from articles.rendering.certainty import Certainty, Rating
from articles.rendering.findings import Finding, Group, OutcomeKind, StudyOutcome
from articles.rendering.library_snapshot import StudyDesign
from articles.rendering.study_designs import COMPARATIVE_DESIGNS, DESIGN_TEXTS

#: Shown side by side if there is room; deaths have a row of their own below.
_SIDES = (OutcomeKind.BENEFIT, OutcomeKind.HARM)
_WITHOUT_COMPARISON = frozenset({StudyDesign.UNCONTROLLED, StudyDesign.CASES})


def render_card(
    finding: Finding, *, number: int, level: int, source: SafeString, rating: Rating | None
) -> SafeString:
    """Return the card. `level` is that of its heading; `source` names the study and cites it."""
    return _Card(finding, number, level).html(source, rating)


def card_text(finding: Finding) -> str:
    """Return what an editor wrote in it, for search."""
    whats = " ".join(outcome.what for outcome in finding.outcomes)
    about = " ".join(filter(None, (finding.tested, finding.on_whom)))
    return f"{about} {whats} {finding.also} {finding.cannot_show}".strip()


class _Card:
    def __init__(self, finding: Finding, number: int, level: int) -> None:
        self.finding = finding
        self.name = f"evidence-{number}"
        self.number = number  # regions on one page need different names
        self.level = level
        self.scaled = icon_arrays.is_scaled(
            total for outcome in finding.outcomes for total in outcome.totals
        )
        self.sizes = [group.people for group in finding.groups]
        self.is_too_small = finding.design in COMPARATIVE_DESIGNS and group_sizes.are_too_small(
            self.sizes
        )

    def html(self, source: SafeString, rating: Rating | None) -> SafeString:
        design = DESIGN_TEXTS[self.finding.design]
        return format_html(
            '<section class="evidence" aria-labelledby="{}">\n{}\n'
            '<dl class="evidence-facts">{}</dl>\n{}{}'
            '<div class="evidence-sides">{}</div>\n{}{}'
            '<p class="evidence-limits"><strong>{}</strong> {}</p>\n{}'
            "</section>\n",
            self.name,
            self._heading(self.level, self.name, card_words.card_heading(self.number, design.name)),
            format_html_join("\n", "<div><dt>{}</dt><dd>{}</dd></div>", self._facts(source)),
            self._before_numbers(),
            self._key(),
            format_html_join("\n", "{}", ((each,) for each in map(self._kind, _SIDES) if each)),
            self._kind(OutcomeKind.DEATH),
            self._certainty(rating),
            card_words.limits_heading(),
            self.finding.cannot_show,
            self._exact(),
        )

    def _heading(self, level: int, name: str, title: card_words.Words) -> SafeString:
        return format_html('<h{} id="{}">{}</h{}>', level, name, title, level)

    # --- What was tested, on whom, and whether it works ---

    def _facts(self, source: SafeString) -> Iterator[tuple[card_words.Words, card_words.Words]]:
        finding = self.finding
        if answer := self._does_it_work():
            yield card_words.DOES_IT_WORK, format_html("<strong>{}</strong>", answer)
        if finding.tested:
            yield card_words.WHAT_WAS_TESTED, finding.tested
        yield (
            card_words.ON_WHOM,
            # Where everyone also got something, that sentence gives their number.
            capfirst(finding.on_whom)
            if finding.compares and finding.on_whom
            else card_words.people_who(finding.people, finding.on_whom),
        )
        if compared := self._comparison():
            yield card_words.COMPARISON_GROUP, compared
        yield card_words.FOLLOW_UP, capfirst(card_words.not_stated(finding.followed))
        yield card_words.SOURCE, source

    def _comparison(self) -> card_words.Words:
        design, groups = self.finding.design, self.finding.groups
        if design in COMPARATIVE_DESIGNS and self.finding.compares:
            return card_words.comparison(
                [(group.name, group.people) for group in groups],
                is_by_chance=design is StudyDesign.RANDOMISED,
            )
        return card_words.NO_COMPARISON if design in _WITHOUT_COMPARISON else ""

    def _does_it_work(self) -> card_words.Words:
        """Return the answer where the kind of study decides it; a number never decides it here."""
        design = self.finding.design
        if design in _WITHOUT_COMPARISON:
            return card_words.CANNOT_TELL_WITHOUT_COMPARISON
        if design is StudyDesign.LABORATORY:
            return card_words.CANNOT_TELL_WITHOUT_PEOPLE
        if self.is_too_small:
            return card_words.CANNOT_TELL_FROM_FEW
        return card_words.COMPARE_THE_GROUPS if self.finding.compares else ""

    # --- What was found ---

    def _before_numbers(self) -> SafeString:
        """Return what all groups also got, and how their sizes limit what the numbers mean.

        Without it, “5 of 6 with placebo” would read as “untreated”.
        """
        said = filter(None, (self.finding.also, group_sizes.explain_sizes(self.sizes)))
        words = " ".join(said)
        return format_html('<p class="evidence-sizes">{}</p>\n', words) if words else SafeString()

    def _key(self) -> SafeString:
        """Return what each shape means. Only those who see the shapes need it."""
        kinds = [kind for kind in (*_SIDES, OutcomeKind.DEATH) if self.finding.of(kind)]
        words = card_words.key_words()
        shapes = [*((icon_arrays.render_figure(kind), words[kind]) for kind in kinds)]
        return format_html(
            '<div class="evidence-key" aria-hidden="true">{}{}</div>\n',
            format_html_join(
                " ",
                "<span>{} {}</span>",
                [*shapes, (icon_arrays.render_figure(None), words["none"])],
            ),
            "" if self.scaled else format_html(" <span>{}</span>", card_words.one_person_each()),
        )

    def _kind(self, kind: OutcomeKind) -> SafeString:
        """Return everything of one kind, under a heading; empty if it counts no benefit."""
        outcomes = [(self._figure(each),) for each in self.finding.of(kind)]
        silent = self.finding.silent.get(kind)
        if outcomes:
            shown = format_html_join("\n", "{}", outcomes)
        elif kind is OutcomeKind.BENEFIT:
            return SafeString()
        elif silent:
            said = card_words.silence(kind, silent)
            shown = format_html('<p class="evidence-silent">{}</p>', said)
        else:  # only in a draft: the checks don't let it pass
            shown = format_html('<p class="missing">{}</p>', card_words.not_filled_in(kind))
        heading = card_words.KIND_HEADINGS[kind]
        return format_html(
            '<div class="evidence-side {}">\n{}\n{}</div>\n',
            kind,
            self._heading(self.level + 1, f"{self.name}-{kind}", heading),
            shown,
        )

    def _figure(self, outcome: StudyOutcome) -> SafeString:
        # The heading of the row says it already.
        is_named = outcome.kind is not OutcomeKind.DEATH
        return format_html(
            '<figure>\n{}<div class="evidence-groups">\n{}</div>\n</figure>',
            format_html("<figcaption>{}</figcaption>\n", outcome.what) if is_named else "",
            format_html_join("", "{}", self._groups(outcome)),
        )

    def _groups(self, outcome: StudyOutcome) -> Iterator[tuple[SafeString]]:
        for group, count, total in self._rows(outcome):
            yield (self._group(outcome.kind, group, count, total),)

    def _rows(self, outcome: StudyOutcome) -> Iterator[tuple[Group, int, int]]:
        yield from zip(self.finding.groups, outcome.counts, outcome.totals, strict=True)

    def _group(self, kind: OutcomeKind, group: Group, count: int, total: int) -> SafeString:
        # A small group is drawn person by person: as 100 figures, it would look as large as others.
        scaled = self.scaled and total > icon_arrays.SCALED
        scale = icon_arrays.explain_scale(count, total, scaled=scaled) if self.scaled else ""
        return format_html(
            '<div class="evidence-group">\n<p>{}<strong>{}</strong> {}{}</p>\n{}{}</div>\n',
            format_html('<span class="evidence-name">{}:</span> ', group.name)
            if group.name
            else "",
            card_words.count_of(count, total),
            card_words.died_word(count)
            if kind is OutcomeKind.DEATH
            else card_words.people_word(total),
            format_html(' <span class="evidence-share">{}</span>', share)
            if (share := proportions.format_per_hundred(count, total))
            else "",
            icon_arrays.render_array(kind, count, total, scaled=scaled),
            format_html('<p class="evidence-scale">{}</p>\n', scale) if scale else "",
        )

    # --- How sure one can be ---

    def _certainty(self, rating: Rating | None) -> SafeString:
        heading = self._heading(
            self.level + 1, f"{self.name}-certainty", card_words.certainty_heading()
        )
        if rating is None:
            return format_html(
                '<div class="evidence-certainty">\n{}\n<p>{}</p>\n</div>\n',
                heading,
                card_words.certainty_not_rated(),
            )
        level, meaning = card_words.certainty(rating)
        because = " ".join(
            filter(None, (card_words.certainty_because(rating), card_words.rated_by_reviewer()))
        )
        return format_html(
            '<div class="evidence-certainty">\n{}\n<p>{}<strong>{}</strong> {}</p>\n'
            "<p>{}</p>\n</div>\n",
            heading,
            _render_level(rating.level),
            level,
            meaning,
            because,
        )

    # --- Exact percentages ---

    def _exact(self) -> SafeString:
        design = DESIGN_TEXTS[self.finding.design]
        named = bool(self.finding.groups[0].name)
        result, group, percent, interval = card_words.column_names()
        return format_html(
            '<details class="evidence-exact">\n<summary>{}</summary>\n'
            '<div class="table" role="region" tabindex="0" aria-labelledby="{}-numbers">\n<table>\n'
            '<caption id="{}-numbers"><span>{}</span></caption>\n'
            '<thead><tr><th scope="col">{}</th>{}'
            '<th scope="col">{}</th><th scope="col">{}</th></tr></thead>\n'
            "<tbody>\n{}</tbody>\n</table>\n</div>\n"
            "<p>{}</p>\n<p><strong>{}</strong> {} {} {}</p>\n</details>\n",
            card_words.exact_summary(),
            self.name,
            self.name,
            card_words.card_caption(self.number),
            result,
            format_html('<th scope="col">{}</th>', group) if named else "",
            percent,
            interval,
            format_html_join("", "{}", self._table_rows(is_named=named)),
            card_words.explain_interval(self.finding.people),
            card_words.kind_of_study(),
            design.how,
            card_words.can_show(design.can, is_too_small=self.is_too_small),
            card_words.cannot_show(design.cannot),
        )

    def _table_rows(self, *, is_named: bool) -> Iterator[tuple[SafeString]]:
        for kind in OutcomeKind:
            for outcome in self.finding.of(kind):
                yield from self._counted(outcome, is_named=is_named)
            if silent := self.finding.silent.get(kind):
                yield (
                    format_html(
                        '<tr><th scope="row">{}</th><td colspan="{}">{}</td></tr>\n',
                        card_words.KIND_HEADINGS[kind],
                        3 if is_named else 2,
                        card_words.not_stated(silent).capitalize(),
                    ),
                )

    def _counted(self, outcome: StudyOutcome, *, is_named: bool) -> Iterator[tuple[SafeString]]:
        what = card_words.outcome_row(outcome.kind, outcome.what)
        for group, count, total in self._rows(outcome):
            yield (
                format_html(
                    '<tr><th scope="row">{}</th>{}<td>{}</td><td>{}</td></tr>\n',
                    what,
                    format_html("<td>{}</td>", group.name) if is_named else "",
                    proportions.format_percent(count / total),
                    proportions.format_interval(count, total),
                ),
            )


def _render_level(level: Certainty) -> SafeString:
    """Return the level as one to four filled bars. The words next to it say the same."""
    levels = list(Certainty)
    filled = len(levels) - levels.index(level)
    bars = (
        (20 * place + 2, "icon-full" if place < filled else "icon-hollow")
        for place in range(len(levels))
    )
    return format_html(
        '<svg class="certainty-level" viewBox="0 0 80 16" width="80" height="16"'
        ' aria-hidden="true" focusable="false">{}</svg> ',
        format_html_join("", '<path d="M{} 2h14v12h-14z" class="{}"/>', bars),
    )
