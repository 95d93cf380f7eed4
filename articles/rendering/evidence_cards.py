"""The evidence card of a finding: what a study was, what it found, and what it can't show.

The rules follow Gigerenzer G et al. (Helping doctors and patients make sense of health statistics.
Psychol Sci Public Interest 2007;8:53-96): counts with the same denominator for benefit and harm,
as a picture, a sentence, and a table together, with the limits next to them. Deaths have their own
row, and every comparison says what all groups got.
"""

from collections.abc import Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.rendering import group_sizes, icon_arrays, proportions, words
from articles.rendering.findings import Finding, Group, OutcomeKind, StudyOutcome
from articles.rendering.study_designs import COMPARATIVE_DESIGNS, DESIGN_TEXTS

#: Shown side by side if there is room.
_SIDES = ((OutcomeKind.BENEFIT,), (OutcomeKind.DEATH, OutcomeKind.HARM))


def render_card(finding: Finding, *, number: int, level: int, source: SafeString) -> SafeString:
    """Return the card. `level` is that of its heading; `source` names the study and cites it."""
    return _Card(finding, number, level).html(source)


def card_text(finding: Finding) -> str:
    """Return what an editor wrote in it, for search."""
    whats = " ".join(outcome.what for outcome in finding.outcomes)
    return f"{whats} {finding.also} {finding.cannot_show}"


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

    def html(self, source: SafeString) -> SafeString:
        design = DESIGN_TEXTS[self.finding.design]
        return format_html(
            '<section class="evidence" aria-labelledby="{}">\n{}\n'
            "<p>{} {} {}</p>\n"
            '<dl class="evidence-facts">{}</dl>\n{}'
            '<div class="evidence-sides">{}</div>\n{}{}'
            '<p class="evidence-limits"><strong>{}</strong> {}</p>\n'
            "</section>\n",
            self.name,
            self._heading(self.level, self.name, words.card_heading(self.number, design.name)),
            design.how,
            words.can_show(design.can, is_too_small=self.is_too_small),
            words.cannot_show(design.cannot),
            format_html_join("\n", "<div><dt>{}</dt><dd>{}</dd></div>", self._facts(source)),
            self._comparison(),
            format_html_join("\n", "{}", self._sides()),
            self._key(),
            self._table(),
            words.limits_heading(),
            self.finding.cannot_show,
        )

    def _heading(self, level: int, name: str, title: words.Words) -> SafeString:
        return format_html('<h{} id="{}">{}</h{}>', level, name, title, level)

    def _facts(self, source: SafeString) -> Iterator[tuple[str, str]]:
        groups = [f"{group.name}: {group.people:,}" for group in self.finding.groups if group.name]
        people = f"{self.finding.people:,}"
        people_name, followed_name, source_name = words.fact_names()
        yield people_name, f"{people} ({'; '.join(groups)})" if groups else people
        yield followed_name, words.not_stated(self.finding.followed)
        yield source_name, source

    def _comparison(self) -> SafeString:
        short, long = group_sizes.explain_sizes(self.sizes)
        if not short:
            return SafeString()
        return format_html('<p class="evidence-sizes"><strong>{}</strong> {}</p>\n', short, long)

    def _sides(self) -> Iterator[tuple[SafeString]]:
        for kinds in _SIDES:
            shown = [(each,) for kind in kinds if (each := self._kind(kind))]
            if shown:
                yield (
                    format_html(
                        '<div class="evidence-side {}">\n{}</div>',
                        kinds[-1],
                        format_html_join("\n", "{}", shown),
                    ),
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
            shown = format_html('<p class="evidence-silent">{}</p>', words.silence(kind, silent))
        else:  # only in a draft: the checks don't let it pass
            shown = format_html('<p class="missing">{}</p>', words.not_filled_in(kind))
        heading = words.KIND_HEADINGS[kind]
        return format_html(
            "{}\n{}", self._heading(self.level + 1, f"{self.name}-{kind}", heading), shown
        )

    def _figure(self, outcome: StudyOutcome) -> SafeString:
        return format_html(
            "<figure>\n<figcaption>{}</figcaption>\n{}{}</figure>",
            outcome.what,
            format_html_join("", "{}", ((self._array(*each),) for each in self._rows(outcome))),
            self._also(),
        )

    def _also(self) -> SafeString:
        """Return what all groups also got, for every comparison.

        Without it, “5 of 6 with placebo” would read as “untreated”.
        """
        if not self.finding.also:
            return SafeString()
        return format_html('<p class="evidence-also">{}</p>\n', self.finding.also)

    def _rows(self, outcome: StudyOutcome) -> Iterator[tuple[Group, int, int]]:
        yield from zip(self.finding.groups, outcome.counts, outcome.totals, strict=True)

    def _array(self, group: Group, count: int, total: int) -> SafeString:
        name = format_html("<strong>{}:</strong> ", group.name) if group.name else ""
        # A small group is drawn person by person: as 100 figures, it would look as large as others.
        scaled = self.scaled and total > icon_arrays.SCALED
        scale = f". {icon_arrays.explain_scale(count, total, scaled=scaled)}" if self.scaled else ""
        return format_html(
            '<div class="evidence-group">\n{}\n<p>{}{}{}</p>\n</div>\n',
            icon_arrays.render_array(count, total, scaled=scaled),
            name,
            proportions.describe_proportion(count, total),
            scale,
        )

    def _key(self) -> SafeString:
        had, had_not = words.key_words()
        return format_html(
            '<p class="evidence-key" aria-hidden="true"><span>{} {}</span>'
            " <span>{} {}</span></p>\n",
            icon_arrays.render_figure(is_filled=True),
            had,
            icon_arrays.render_figure(is_filled=False),
            had_not,
        )

    def _table(self) -> SafeString:
        named = bool(self.finding.groups[0].name)
        result, group, people, percent, interval = words.column_names()
        return format_html(
            '<div class="table" role="region" tabindex="0" aria-labelledby="{}-numbers">\n<table>\n'
            '<caption id="{}-numbers"><span>{}{}</span></caption>\n'
            '<thead><tr><th scope="col">{}</th>{}<th scope="col">{}</th>'
            '<th scope="col">{}</th><th scope="col">{}</th></tr></thead>\n'
            "<tbody>\n{}</tbody>\n</table>\n</div>\n"
            '<p class="fine-print">{}</p>\n',
            self.name,
            self.name,
            words.card_caption(self.number),
            f". {self.finding.also}" if self.finding.also else "",
            result,
            format_html('<th scope="col">{}</th>', group) if named else "",
            people,
            percent,
            interval,
            format_html_join("", "{}", self._table_rows(is_named=named)),
            words.explain_interval(self.finding.people),
        )

    def _table_rows(self, *, is_named: bool) -> Iterator[tuple[SafeString]]:
        for kind in OutcomeKind:
            for outcome in self.finding.of(kind):
                yield from self._counted(outcome, is_named=is_named)
            if silent := self.finding.silent.get(kind):
                yield (
                    format_html(
                        '<tr><th scope="row">{}</th><td colspan="{}">{}</td></tr>\n',
                        words.KIND_HEADINGS[kind],
                        4 if is_named else 3,
                        words.not_stated(silent).capitalize(),
                    ),
                )

    def _counted(self, outcome: StudyOutcome, *, is_named: bool) -> Iterator[tuple[SafeString]]:
        what = words.outcome_row(outcome.kind, outcome.what)
        for group, count, total in self._rows(outcome):
            yield (
                format_html(
                    '<tr><th scope="row">{}</th>{}<td>{}</td><td>{}</td><td>{}</td></tr>\n',
                    what,
                    format_html("<td>{}</td>", group.name) if is_named else "",
                    words.count_of(count, total),
                    proportions.format_percent(count / total),
                    proportions.format_interval(count, total),
                ),
            )
