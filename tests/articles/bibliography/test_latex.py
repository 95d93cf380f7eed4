"""LaTeX and HTML in titles: characters are kept, markup is removed, nothing is dropped silently."""

from contextlib import suppress

import pytest

from articles.bibliography.bibtex import read_bibtex
from articles.bibliography.latex import LatexDecoder, LimitExceeded
from articles.bibliography.scripts import strip_markup

PLAIN = {
    r"\href{https://example.org}{Cells}": "Cells",
    r"adults {\textless}30 years with {\textgreater}50\% response": (
        "adults <30 years with >50% response"
    ),
    r"2 {\texttimes} 10\textsuperscript{6} cells": "2 × 10⁶ cells",
    r"CD4$^{+}$": "CD4⁺",
    r"IgG$_4$": "IgG₄",
    r"CO$_{2}$ and $10^{-3}$": "CO₂ and 10⁻³",
    r"$^{99m}$Tc, V$_{max}$, 5\textsuperscript{th}": "⁹⁹ᵐTc, Vmax, 5th",
    r"Na$^+$/K$^+$ and 1,25(OH)$_2$D$_3$": "Na⁺/K⁺ and 1,25(OH)₂D₃",
    r"{\'\i}\~n{\O} \ss{} \AA{} \L{} \c{c} \v{s} \H{o}": "íñØ ß Å Ł ç š ő",
    r"\emph{In vivo} \textit{x} {\it y} {\bf z} \textsc{w}": "In vivo x y z w",
    r"A --- B -- C ``q''": "A — B – C “q”",
    r"$\beta$, \textbeta, $p<0.05$, $\geq$, $\pm$": "β, β, p<0.05, ≥, ±",
    r"50% of \$5 \& \_": "50% of $5 & _",
    r"\noopsort{A}B \mkbibquote{c} \enquote{d}": "B “c” “d”",
    r"\verb|x_y| and \url{http://e.org/a_b}": "x_y and http://e.org/a_b",
    r"x^2 a_b": "x^2 a_b",
    r"10\^{}6 cells, 10{\^{}}6, 10\^{6}": "10^6 cells, 10^6, 10^6",
    r"\^o \^{\i} \~n \~{}a": "ô î ñ ~a",
    r"10$^\mathrm{6}$ 10$^{\,6}$ 10$^{\rm 6}$": "10⁶ 10⁶ 10⁶",
    r"10$^{6.5}$ 10\textsuperscript{6--7} 10$^{6\pm1}$": "10^6.5 10^6–7 10^6±1",
    r"10$^\frac{1}{2}$ 18\textsuperscript{\`eme} 25\textsuperscript{\textregistered}": (
        "10^1/2 18ème 25®"
    ),
    r"\ensuremath{10^6} $\mathrm{10^6}$": "10⁶ 10⁶",
    r"37$^\circ$C, 37$^{\circ}$C": "37°C, 37°C",
    r"{\textcolor{red}{x}} \texorpdfstring{$\alpha$}{alpha} \ce{H2O}": "x alpha H2O",
}


@pytest.mark.parametrize("latex", PLAIN)
def test_symbols_are_kept_and_markup_is_removed(latex: str) -> None:
    assert LatexDecoder().decode(latex) == (PLAIN[latex], set())


@pytest.mark.parametrize(
    ("latex", "plain", "unknown"),
    [
        (r"\foo{bar} baz", "bar baz", {r"\foo"}),
        (r"cells \verb", "cells", {r"\verb"}),
        (r"\today and \cite{x}", "and x", {r"\today", r"\cite"}),
        (r"\input{/etc/passwd}", "/etc/passwd", {r"\input"}),
        (r"\begin{foo}x\end{foo}", "x", {r"\begin{foo}"}),
    ],
)
def test_an_unknown_command_is_named_and_its_text_is_kept(
    latex: str, plain: str, unknown: set[str]
) -> None:
    assert LatexDecoder().decode(latex) == (plain, unknown)


BROKEN = [
    "\\", "{", "}", "$", "$$", r"\(", r"^{", r"\href", r"\href{x}", r"\c", r"\'", r"\verb",
    r"\begin{x}", r"\end{x}", r"\textsuperscript", r"\emph", r"{\emph{a}", r"\frac", r"\sqrt",
]  # fmt: skip


@pytest.mark.parametrize("latex", BROKEN)
def test_no_input_causes_an_error(latex: str) -> None:
    for place in ("title", "author", "publisher", "journal", "note", "pages", "url", "year"):
        raw = f"@misc{{a, title={{T}}, {place}={{x {latex}}}}}\n@misc{{b, title={{After}}}}"
        assert read_bibtex(raw.encode()).entries
    with suppress(LimitExceeded):
        LatexDecoder().decode(latex)


HTML = {
    "<i>In vivo</i> p &lt; 0.05 &amp; <b>more</b>": "In vivo p < 0.05 & more",
    "H<sub>2</sub>O, CD4<sup>+</sup>, 10<sup>-3</sup>": "H₂O, CD4⁺, 10⁻³",
    "&amp;lt;30 years": "<30 years",
    "&lt;i&gt;In vivo&lt;/i&gt;": "In vivo",
    "adults <30 years and >50%": "adults <30 years and >50%",
    "10<jats:sup>6</jats:sup>, 10<sup><i>6</i></sup>, 10<i><sup>6</sup></i>": "10⁶, 10⁶, 10⁶",
    "10<sup>6.5</sup>, (10)<sup>6.5</sup>, CO<jats:sub>2</jats:sub>": "10^6.5, (10)^6.5, CO₂",
    "10<sup>6<sup>7</sup></sup>, 37<sup>∘</sup>C": "10^6⁷, 37°C",
    "<mml:msup><mml:mn>10</mml:mn><mml:mn>6</mml:mn></mml:msup>": "10⁶",
    "<math>\n<msup>\n<mn>10</mn>\n<mrow><mo>-</mo><mn>6</mn></mrow>\n</msup></math>": "\n10⁻⁶",
    "<msup><mn>10</mn><mn>6.5</mn></msup>": "10^6.5",
    "<msub><mi>CO</mi><mn>2</mn></msub>": "CO₂",
    "<msubsup><mi>x</mi><mn>2</mn><mn>3</mn></msubsup>": "x₂³",
    "<msup><msup><mn>2</mn><mn>3</mn></msup><mn>4</mn></msup>": "2³⁴",
}


@pytest.mark.parametrize("written", HTML)
def test_html_in_a_title_is_read_as_intended(written: str) -> None:
    assert strip_markup(written) == HTML[written]


def test_html_inside_latex_is_read_too() -> None:
    raw = r"@a{b, title={CD4$^{+}$, IgG$_4$; $\less$i$\greater$In vivo$\less$/i$\greater$}}"
    assert read_bibtex(raw.encode()).sources[0].title == "CD4⁺, IgG₄; In vivo"
