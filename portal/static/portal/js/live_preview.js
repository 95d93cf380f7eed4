// While someone writes an article: a live preview and checks of the current text, and a copy in
// this browser until it is saved. Without this script, use “Save” and “Preview” to see both.
"use strict";

(() => {
  const say = (name) => document.getElementById("script-words").content
    .querySelector(`[data-word="${name}"]`).textContent.trim();
  const form = document.getElementById("writing");
  if (!form) return;
  const fields = () =>
    [...form.elements].filter((each) => each.name && !["hidden", "submit"].includes(each.type));
  // The same form in which the server stores them, so that saved text is recognized.
  const fieldValues = () => {
    const words = {};
    for (const each of fields()) {
      if (each.type === "checkbox") {
        if (each.checked) (words[each.name] ??= []).push(each.value);
      } else {
        words[each.name] = each.value.replaceAll("\r\n", "\n").trim();
      }
    }
    return words;
  };
  const asText = (words) => JSON.stringify(Object.entries(words).sort());

  // --- Local drafts until the text is saved. No health data: only text to be published. ---

  const FOR_DAYS = 14;
  const PREFIX = `writing:${form.dataset.user}:`;
  const key = PREFIX + form.dataset.key;
  const place = document.getElementById("kept");
  let sending = false;
  let before = asText(fieldValues());
  // A page with errors shows what was typed, but none of it has been saved.
  let dirty = Boolean(document.querySelector(".errornote"));

  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  };
  const deleteDraft = (name) => {
    try {
      localStorage.removeItem(name);
    } catch { /* then nothing was stored either */ }
  };
  const saveDraft = (more = {}) => {
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), words: fieldValues(), ...more }));
    } catch { /* no storage: there is still a warning on leaving */ }
  };

  const deleteOldDrafts = () => {
    if (document.querySelector(".messagelist .saved")) {
      deleteDraft(key);
      if (read(`${PREFIX}new`)?.sent) deleteDraft(`${PREFIX}new`);
    }
    const oldest = Date.now() - FOR_DAYS * 86_400_000;
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith("writing:") && !(read(name)?.at > oldest)) deleteDraft(name);
    }
  };

  const restore = (words) => {
    for (const each of fields()) {
      if (each.type === "checkbox") each.checked = (words[each.name] ?? []).includes(each.value);
      else if (words[each.name] !== undefined) each.value = words[each.name];
    }
    form.dispatchEvent(new Event("input"));
    document.getElementById("id_title").focus();
  };

  const button = (label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.addEventListener("click", () => {
      place.replaceChildren();
      act();
    });
    return made;
  };

  const offerDraft = () => {
    const kept = read(key);
    if (!kept?.words) return;
    if (asText(kept.words) === before) {
      if (!dirty) deleteDraft(key);
      return;
    }
    const when = new Date(kept.at).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
    const words = document.createElement("p");
    words.textContent = say("kept_from").replace("{when}", when);
    place.replaceChildren(
      words,
      button(say("restore"), () => restore(kept.words)),
      button(say("discard"), () => deleteDraft(key)),
    );
  };

  try {
    deleteOldDrafts();
  } catch { /* as above */ }
  offerDraft();

  window.addEventListener("beforeunload", (event) => {
    if (dirty && !sending) event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget === "_blank") return;
    sending = true;
    saveDraft({ sent: true });
  });
  // The user came back from an error page with the browser's Back button.
  window.addEventListener("pageshow", () => { sending = false; });

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
      frame.contentWindow.scrollTo(scrollX, scrollY);
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

  const signedOut = () => {
    const note = document.createElement("p");
    note.textContent = `${say("signed_out")} `;
    const again = document.createElement("a");
    again.href = location.href;
    again.textContent = say("sign_in_again");
    note.append(again);
    place.replaceChildren(note);
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
        signedOut();
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

  const changed = () => {
    const now = asText(fieldValues());
    if (now === before) return;
    before = now;
    dirty = true;
    saveDraft();
    clearTimeout(timer);
    timer = setTimeout(requestPreview, 800);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  if (document.getElementById("id_body").value) requestPreview();

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
