// While someone writes an article: a live preview and checks of the current text, with the preview at
// the place of the caret. Without this script, use “Save” and “Preview” to see both.
"use strict";

(() => {
  const form = document.getElementById("writing");
  if (!form) return;

  // --- The page and the checks ---

  const live = document.getElementById("live");
  const frame = live.querySelector("iframe");
  const shown = live.querySelector(".live-window");
  const checks = document.getElementById("checks");
  const said = document.getElementById("checks-said");
  let timer = 0;
  let asked = 0;

  const show = (html) => {
    const { scrollX = 0, scrollY = 0 } = frame.contentWindow ?? {};
    frame.addEventListener("load", () => {
      frame.contentWindow.scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
      blocks = undefined;
      followCaret();
      // Links within the page work; others would lead away from the text being written.
      frame.contentDocument.addEventListener("click", (event) => {
        const to = event.target.closest("a")?.getAttribute("href");
        if (!to) return;
        event.preventDefault();
        if (to.startsWith("#")) frame.contentDocument.getElementById(to.slice(1))?.scrollIntoView();
      });
    }, { once: true });
    frame.srcdoc = html;
    live.hidden = false;
    fit();
  };

  const requestPreview = async () => {
    const mine = ++asked;
    let answer;
    let found;
    try {
      answer = await fetch(form.dataset.checkUrl, {
        method: "POST",
        headers: { "X-Asked-By": "script" },
        body: new URLSearchParams(new FormData(form)),
        redirect: "manual",
        cache: "no-store",
      });
      if (answer.status === 401 || answer.type === "opaqueredirect") {
        form.dispatchEvent(new CustomEvent("signed-out"));
        return;
      }
      if (!answer.ok) return;
      found = await answer.json();
    } catch {
      return; // temporarily offline: the next change tries again
    }
    if (mine !== asked) return; // they kept typing
    if (found.refused) {
      said.textContent = found.refused;
      checks.textContent = found.refused;
      return;
    }
    show(found.page);
    if (!checks.contains(document.activeElement)) checks.innerHTML = found.checks;
    if (said.textContent !== found.said) said.textContent = found.said;
  };

  form.addEventListener("words-changed", () => {
    clearTimeout(timer);
    timer = setTimeout(requestPreview, 800);
  });
  if (document.getElementById("id_body").value) requestPreview();

  // --- The preview at the place of the caret ---

  // The blocks of the preview with their letters and digits. Which one a line of Markdown became is
  // found by its words, because citations, cards, and sections don't become one block each.
  const FURTHEST = 200;
  let blocks;
  let followed;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const letters = (words) => words.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
  const body = document.getElementById("id_body");

  const lettersOf = (line) => {
    const words = line
      .replace(/\[@[^\]]*\]/g, "\n")
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replace(/^\s*(?:\d+[.)]|[a-z ]+:)\s/i, "");
    return words.split("\n").map(letters).find((each) => each.length > 3) ?? "";
  };

  const readBlocks = () => {
    const main = frame.contentDocument?.querySelector(".prose");
    const found = [...(main?.querySelectorAll("h2, h3, h4, p, li, td, th, dt, dd, figcaption, summary") ?? [])];
    return found.map((block) => ({ block, letters: letters(block.textContent) }));
  };

  const findBlock = (lines, at) => {
    blocks ??= readBlocks();
    // A line without words of its own belongs to the one before it.
    for (let number = at; number >= Math.max(0, at - FURTHEST); number -= 1) {
      const wanted = lettersOf(lines[number]);
      for (const length of wanted ? [60, 24, 12] : []) {
        const start = wanted.slice(0, length);
        const hits = blocks.filter((each) => each.letters.includes(start));
        if (!hits.length) continue;
        const before = lines.slice(0, number).filter((line) => lettersOf(line).startsWith(start));
        const { block } = hits[Math.min(before.length, hits.length - 1)];
        return block.closest("details:not([open])") ?? block;
      }
    }
    return undefined;
  };

  const followCaret = () => {
    if (document.activeElement !== body || live.hidden) return;
    const lines = body.value.split("\n");
    const block = findBlock(lines, body.value.slice(0, body.selectionStart).split("\n").length - 1);
    const { innerHeight: height } = frame.contentWindow;
    const { top, bottom } = block?.getBoundingClientRect() ?? { top: 0, bottom: 0 };
    // Whoever scrolled the preview themselves stays there until the caret is in another block.
    const words = block?.textContent;
    if (!block || (words === followed && top < height && bottom > 0)) return;
    followed = words;
    if (top >= 0 && bottom <= height) return;
    const to = frame.contentWindow.scrollY + top - height / 3;
    frame.contentWindow.scrollTo({ top: to, behavior: calm.matches ? "instant" : "smooth" });
  };

  let following = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(following);
    following = setTimeout(followCaret, 150);
  });

  // --- Preview width: phone or desktop ---

  const widths = [...live.querySelectorAll("[data-width]")];
  const fit = () => {
    const width = Number(widths.find((each) => each.ariaPressed === "true").dataset.width);
    const scale = Math.min(1, shown.clientWidth / width);
    frame.style.width = `${width}px`;
    frame.style.height = `${shown.clientHeight / scale}px`;
    frame.style.transform = `scale(${scale})`;
  };
  for (const chosen of widths) {
    chosen.addEventListener("click", () => {
      for (const each of widths) each.ariaPressed = String(each === chosen);
      fit();
    });
  }
  window.addEventListener("resize", fit);

  // --- From a check to the text it is about ---

  checks.addEventListener("click", (event) => {
    const { field, line, quote } = event.target.closest("a[data-field]")?.dataset ?? {};
    const into = document.getElementById(`id_${field}`);
    if (!into) return;
    event.preventDefault();
    into.focus();
    if (!into.setSelectionRange) return;
    const lines = into.value.split("\n");
    const at = Math.min(Number(line) || 1, lines.length) - 1;
    const start = lines.slice(0, at).reduce((sum, each) => sum + each.length + 1, 0);
    const end = start + lines[at].length;
    const exact = quote ? into.value.indexOf(quote, start) : -1;
    if (exact >= 0) into.setSelectionRange(exact, exact + quote.length);
    else into.setSelectionRange(line ? start : 0, line ? end : into.value.length);
    // Browsers place the caret, but don't always scroll to it.
    const all = Math.max(lines.length, 1);
    into.scrollTop = (into.scrollHeight * at) / all - into.clientHeight / 3;
  });
})();
