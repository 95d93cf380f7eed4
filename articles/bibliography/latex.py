"""LaTeX as plain text: pylatexenc reads signs and accents, and unknown commands are reported."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

from pylatexenc import latexwalker
from pylatexenc.latex2text import (
    EnvironmentTextSpec,
    LatexNodes2Text,
    MacroTextSpec,
    get_default_latex_context_db,
)
from pylatexenc.macrospec import MacroSpec

from articles.bibliography import words
from articles.bibliography.scripts import lower_script, mark_raised, settle_raised
from articles.text_cleaning import fold_spaces

#: Characters of LaTeX in a whole file: decoding takes about 20 µs for each one.
_MAX_LATEX = 100_000
#: Characters in one title or name as written, and depth of braces: titles have two or three.
_MAX_LENGTH = 2_000
_MAX_DEPTH = 20

#: Commands that pylatexenc does not know.
_SIGNS = {
    "textless": "<", "less": "<", "lt": "<", "textgreater": ">", "greater": ">", "gt": ">",
    "textbar": "|", "textquotesingle": "'", "textquotedbl": '"', "textunderscore": "_",
    "textasteriskcentered": "*", "permil": "‰", "textpercent": "%", "percent": "%", "degree": "°",
    "celsius": "°C", "textcelsius": "°C", "micro": "µ", "slash": "/", "textdollar": "$",
    "textbraceleft": "{", "textbraceright": "}", "cdotp": "·", "textminus": "\N{MINUS SIGN}",
    "newline": " ", "par": " ", "linebreak": " ", "\\": " ", "quad": " ", "qquad": " ",
    "space": " ", "nobreakdash": "", "textasciicircum": "^", "textasciitilde": "~",
    "textordfeminine": "ª", "textmu": "µ", "numero": "№", "textnumero": "№",
    "copyright": "©", "textcopyright": "©", "S": "§", "P": "¶", "pounds": "£", "euro": "€",
}  # fmt: skip
#: Letter shapes and line breaks, which plain text does without.
_SHAPES = (
    "em", "it", "itshape", "bf", "bfseries", "sc", "scshape", "rm", "rmfamily", "sf", "sffamily",
    "sl", "slshape", "tt", "ttfamily", "upshape", "mdseries", "normalfont", "small", "large",
    "Large", "footnotesize", "normalsize", "protect", "relax", "unskip", "ignorespaces",
    "allowbreak", "nobreak", "newblock", "noindent", "displaystyle", "textstyle", "scriptstyle",
    "limits", "left", "right", "big", "Big", "-", "/", "!", "@", "boldmath", "nolinkurl",
    "centering", "leavevmode", "xspace", "hfill", "lowercase", "MakeLowercase",
)  # fmt: skip
#: Commands whose text stays, and how many arguments come before that text.
_KEPT = {
    "textnormal": 0, "textup": 0, "textmd": 0, "textsf": 0, "texttt": 0, "textsl": 0, "textit": 0,
    "mbox": 0, "hbox": 0, "fbox": 0, "underline": 0, "uline": 0, "emph": 0, "mathup": 0,
    "mathnormal": 0, "operatorname": 0, "boldsymbol": 0, "bm": 0, "uppercase": 0,
    "MakeUppercase": 0, "MakeTextUppercase": 0, "capitalisewords": 0, "NoCaseChange": 0,
    "mkbibemph": 0, "mkbibbold": 0, "mkbibitalic": 0, "mkbibacro": 0, "textcase": 0, "ce": 0,
    "ch": 0, "num": 0, "url": 0, "path": 0, "nohyphens": 0, "acro": 0, "textgreek": 0,
    "foreignlanguage": 1, "textcolor": 1, "href": 1, "texorpdfstring": 0, "sortas": 1,
}  # fmt: skip
#: Commands that only affect sorting and show nothing.
_UNSEEN = ("noopsort", "noop", "SortNoop", "printfirst", "phantom", "label")
#: Quotation marks and brackets.
_AROUND = {
    "enquote": "“%s”", "mkbibquote": "“%s”", "mkbibparens": "(%s)", "mkbibbrackets": "[%s]",
}  # fmt: skip
#: What pylatexenc replaces with text of its own: a file, a date, a sign for a picture.
_NOT_WORDS = (
    "input", "include", "today", "item", "footnote", "title", "author", "date", "maketitle",
    "includegraphics", "ref", "autoref", "cref", "Cref", "eqref", "cite", "citet", "citep", "part",
    "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph",
)  # fmt: skip

_VERB = re.compile(r"\\verb\*?([^\w\s*])(.*?)\1")
#: Accents over nothing or over a digit, which stand for themselves: “10\\^{}6”.
_BARE_ACCENT = re.compile(r"(?<!\\)\\([\^~])\s*(?:\{\s*\}|(?=\{?\d))")
_BARE_ACCENTS = {"^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
_GROUP = r"\{(?:[^{}]|\{[^{}]*\})*\}"
_MATH = re.compile(rf"(?<!\\)\$.+?(?<!\\)\$|\\\(.+?\\\)|\\ensuremath\s*{_GROUP}")
_SCRIPT_GROUP = re.compile(rf"(?<!\\)([\^_])({_GROUP})")
_SCRIPT = re.compile(rf"(?<!\\)([\^_])\s?(\\[a-zA-Z]+\s?(?:{_GROUP}){{0,2}}|[^\s{{}}\\^_$])")
_COMMANDS = {"^": "textsuperscript", "_": "textsubscript"}


class LimitExceeded(Exception):
    """Something no list of references contains; the message tells the editor what."""


class LatexDecoder:
    """Decodes LaTeX to plain text, up to the limit for one file."""

    def __init__(self) -> None:
        self._left = _MAX_LATEX

    def decode(self, latex: str) -> tuple[str, set[str]]:
        """Return the plain text, and the names of commands that are not known here.

        Raise LimitExceeded.
        """
        latex = " ".join(latex.split())
        if not re.search(r"[\\{}$~]|--|``|''", latex):
            return latex, set()
        self._left -= len(latex)
        if len(latex) > _MAX_LENGTH or self._left < 0:
            raise LimitExceeded(words.TOO_MUCH_LATEX)
        if _depth(latex) > _MAX_DEPTH:
            raise LimitExceeded(words.TOO_DEEP)
        text: Any = _Text(_text_context())
        try:
            plain = text.latex_to_text(_prepared(latex), latex_context=_walker_context())
        except Exception as error:
            raise LimitExceeded(words.UNREADABLE_LATEX) from error
        return fold_spaces(settle_raised(plain.replace("\N{SOFT HYPHEN}", ""))), text.unknown


class _Text(LatexNodes2Text):
    """Converter that remembers which commands it did not know."""

    def __init__(self, context: Any) -> None:
        super().__init__(latex_context=context, math_mode="text")  # type: ignore[no-untyped-call]
        self.unknown: set[str] = set()


def _prepared(latex: str) -> str:
    """Escape what LaTeX would read differently from BibTeX and the people who write it."""
    latex = _VERB.sub(lambda found: re.sub(r"([\\{}$%&#_^~])", r"\\\1", found[2]), latex)
    # In LaTeX, “%” starts a comment and a single “$” swallows the rest; in BibTeX neither does.
    latex = re.sub(r"(?<!\\)%", r"\\%", latex)
    if len(re.findall(r"(?<!\\)\$", latex)) % 2:
        latex = re.sub(r"(?<!\\)\$", r"\\$", latex)
    latex = _BARE_ACCENT.sub(lambda found: _BARE_ACCENTS[found[1]], latex)
    latex = _SCRIPT_GROUP.sub(lambda found: rf"\{_COMMANDS[found[1]]}{found[2]}", latex)
    return _MATH.sub(
        lambda math: _SCRIPT.sub(lambda found: rf"\{_COMMANDS[found[1]]}{{{found[2]}}}", math[0]),
        latex,
    )


def _remember(node: Any, l2tobj: Any, macroname: str) -> str:
    l2tobj.unknown.add(f"\\{macroname}")
    return _arguments(node, l2tobj)


def _remember_environment(node: Any, l2tobj: Any, environmentname: str) -> str:
    l2tobj.unknown.add(f"\\begin{{{environmentname}}}")
    return str(l2tobj.nodelist_to_text(node.nodelist))


def _arguments(node: Any, l2tobj: Any, start: int = 0) -> str:
    found = node.nodeargd.argnlist if node.nodeargd and node.nodeargd.argnlist else []
    return "".join(l2tobj.nodelist_to_text([each]) for each in found[start:] if each)


def _last_argument(node: Any, l2tobj: Any) -> str:
    return _arguments(node, l2tobj, -1)


def _first_argument(node: Any, l2tobj: Any) -> str:
    return str(l2tobj.nodelist_to_text([node.nodeargd.argnlist[0]]))


def _raised(node: Any, l2tobj: Any) -> str:
    return mark_raised(_arguments(node, l2tobj))


def _lowered(node: Any, l2tobj: Any) -> str:
    return lower_script(_arguments(node, l2tobj))


def _greek_letters() -> Iterator[tuple[str, str]]:
    """Return the commands for upright Greek letters; LaTeX itself has those for math."""
    for code in range(0x0391, 0x03CA):
        letter = chr(code)
        name = unicodedata.name(letter, "").rpartition(" ")[2].lower().replace("lamda", "lambda")
        if name and letter != "ς":
            cased = name.capitalize() if letter.isupper() else name
            yield from ((f"{before}{cased}", letter) for before in ("text", "up"))


@cache
def _text_context() -> Any:
    context = get_default_latex_context_db()
    around = [MacroTextSpec(name, simplify_repl=shape) for name, shape in _AROUND.items()]
    context.add_context_category(
        "references",
        prepend=True,
        macros=[
            *(MacroTextSpec(name, simplify_repl=sign) for name, sign in _SIGNS.items() if sign),
            *(MacroTextSpec(name, discard=True) for name in (*_SHAPES, "nobreakdash", *_UNSEEN)),
            *(MacroTextSpec(name, simplify_repl=_last_argument) for name in _KEPT),
            *around,
            *(MacroTextSpec(name, simplify_repl=letter) for name, letter in _greek_letters()),
            *(MacroTextSpec(name, simplify_repl=_remember) for name in _NOT_WORDS),
            MacroTextSpec("texorpdfstring", simplify_repl=_last_argument),
            MacroTextSpec("textsuperscript", simplify_repl=_raised),
            MacroTextSpec("textsubscript", simplify_repl=_lowered),
        ],
        environments=[],
        specials=[],
    )
    context.set_unknown_macro_spec(MacroTextSpec("", simplify_repl=_remember))
    context.set_unknown_environment_spec(
        EnvironmentTextSpec("", simplify_repl=_remember_environment)
    )
    return context


@cache
def _walker_context() -> Any:
    context = latexwalker.get_default_latex_context_db()
    context.add_context_category(
        "references",
        prepend=True,
        macros=[
            *(MacroSpec(name, "{" * (before + 1)) for name, before in _KEPT.items()),
            *(MacroSpec(name, "{") for name in (*_AROUND, *_UNSEEN)),
            *(MacroSpec(name, "{") for name in _COMMANDS.values()),
            MacroSpec("texorpdfstring", "{{"),
            MacroSpec("verb", ""),
        ],
        environments=[],
        specials=[],
    )
    return context


def _depth(latex: str) -> int:
    depth = deepest = 0
    for brace in re.findall(r"[{}]", latex):
        depth += 1 if brace == "{" else -1
        deepest = max(deepest, depth)
    return deepest
