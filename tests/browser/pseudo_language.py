"""A pseudo-language: each marked sentence in ⟦ ⟧, 40% longer, right to left.

Text outside the brackets was not marked with gettext; text that is too wide for its place would
also be too wide in a language with longer words.
"""

import sys
from collections.abc import Iterable
from inspect import signature

import pytest
from django.utils.translation.trans_real import DjangoTranslation
from playwright.sync_api import Page
from pytest_django.fixtures import Settings

LONGER_BY = 0.4
FILLER = "lōrem ipsūm dolōr sit amēt "
OURS = {"articles", "inquiries", "portal"}
KEYS = {"language", "_language"}

# Finds text outside any bracket. What people wrote (a title, a name, a message) is not the
# site's to mark: elements say so, or it is in `data`, the names of a page's own things.
UNMARKED = r"""data => {
  const written = "script, style, code, kbd, textarea, [translate=no], [lang]:not(html), "
    // An article, where its words stand by themselves, and where two versions are compared.
    + ".prose, .key-points, .contents, .compare, #id_section, "
    // The patterns of words of danger.
    + "#result_list :is(.field-phrase, .field-__str__), "
    // The clinic's own scripts; names of topics and terms; articles, with the words marked.
    + ".scripts li, .a-to-z a, .glossary dt, .search-results :is(h3, p:not(.fine-print)), "
    // Addresses on paper; names of pictures.
    + ".sheet-link a, .sheet-link, .icon-name";
  const names = data.filter(Boolean).sort((a, b) => b.length - a.length);
  const rest = text => names.reduce((left, name) => left.replaceAll(name, " "), text);
  const outside = (text, depth) => {
    let found = "";
    for (const letter of text) {
      if (letter === "⟦") depth += 1;
      else if (letter === "⟧") depth -= 1;
      else if (depth === 0) found += letter;
    }
    return [found, depth];
  };
  const speaks = text => /\p{L}{2,}/u.test(rest(text));
  const faults = [];
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
  let depth = 0, found, opened = "";
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (parent.closest("script, style, template, noscript")) continue;
    if (depth === 0) opened = node.data;
    // A quotation that is cut short may end inside a bracket.
    [found, depth] = outside(node.data.replace(/“[^”]*…[^”]*”/g, ""), depth);
    if (speaks(found) && !parent.closest(written)) faults.push(found.trim().slice(0, 100));
  }
  if (depth !== 0) faults.push(`a bracket that does not close: ${opened.trim().slice(0, 100)}`);
  for (const name of ["alt", "aria-label", "aria-description", "placeholder", "title"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      [found] = outside(element.getAttribute(name), 0);
      if (speaks(found) && !element.closest(written)) faults.push(`${name}: ${found}`);
    }
  }
  for (const element of document.querySelectorAll(
    "meta[name=description], input[type=submit], input[type=button]"
  )) {
    [found] = outside(element.content ?? element.value, 0);
    if (speaks(found)) faults.push(`${element.localName}: ${found}`);
  }
  return [...new Set(faults)];
}"""


def speak_pseudo_language(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Make every gettext of this process answer in it, whatever language is requested."""

    def lengthen(message: str) -> str:
        wanted = int(len(message) * LONGER_BY)
        return f"⟦{message}{(FILLER * (wanted // len(FILLER) + 1))[:wanted]}⟧"

    def gettext(self: DjangoTranslation, message: str) -> str:
        # With a context: `trans_real.pgettext` passes both in one string.
        return lengthen(message.rpartition("\x04")[2])

    def ngettext(self: DjangoTranslation, singular: str, plural: str, number: int) -> str:
        return lengthen((singular if number == 1 else plural).rpartition("\x04")[2])

    monkeypatch.setattr(DjangoTranslation, "gettext", gettext)
    monkeypatch.setattr(DjangoTranslation, "ngettext", ngettext)
    settings.LANGUAGES_BIDI = [code for code, _ in settings.LANGUAGES]


def forget_words() -> None:
    """Clear what this process keeps for each language: it would be in the words before."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in OURS:
            for kept in vars(module).values():
                if hasattr(kept, "cache_clear") and KEYS & {*signature(kept).parameters}:
                    kept.cache_clear()


def unmarked_text(page: Page, data: Iterable[str]) -> list[str]:
    found: list[str] = page.evaluate(UNMARKED, list(data))
    return found
