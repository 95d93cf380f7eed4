// Text that was typed and not saved: kept by the server every few seconds, and in this browser until
// the server has it. Ctrl+S saves. Without this script, nothing is kept until “Save draft”.
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

  // --- In this browser. No health data: only text to be published. ---

  const FOR_DAYS = 14;
  const PREFIX = `writing:${form.dataset.user}:`;
  const key = PREFIX + form.dataset.key;
  const place = document.getElementById("kept");
  let sending = false;
  let before = asText(fieldValues());
  // A page with errors shows what was typed, but none of it has been saved.
  let dirty = Boolean(document.querySelector(".errornote[autofocus]") || form.elements.kept.value);

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
    const draft = { at: Date.now(), window: form.elements.window.value, words: fieldValues(), ...more };
    try {
      localStorage.setItem(key, JSON.stringify(draft));
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
    // The server has an earlier state of the same window: one offer is enough.
    const offer = document.querySelector(`.kept-offer[data-window="${CSS.escape(kept.window ?? "")}"]`);
    if (offer) offer.hidden = true;
    const when = new Date(kept.at).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
    const words = document.createElement("p");
    words.textContent = say("kept_from").replace("{when}", when);
    place.replaceChildren(
      words,
      button(say("restore"), () => {
        if (offer) form.elements.kept.value = offer.dataset.kept;
        restore(kept.words);
      }),
      button(say("discard"), () => {
        deleteDraft(key);
        if (offer) offer.hidden = false;
      }),
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

  // --- On the server ---

  const EVERY = 5_000;
  const PATIENCE = 20_000;
  const status = document.getElementById("kept-status");
  let timer = 0;
  let asking = false;
  let number = 0;

  const tell = (words) => {
    if (status.textContent !== words) status.textContent = words;
  };

  const signedOut = () => {
    const note = document.createElement("p");
    note.textContent = `${say("signed_out")} `;
    const again = document.createElement("a");
    again.href = location.href;
    again.target = "_blank";
    again.textContent = say("sign_in_again");
    note.append(again);
    place.replaceChildren(note);
    place.dataset.signedOut = "yes";
    tell("");
  };
  form.addEventListener("signed-out", signedOut);

  const ask = (options) => fetch(form.dataset.keepUrl, {
    headers: { "X-Asked-By": "script" },
    redirect: "manual",
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE),
    ...options,
  });

  // Signing in again makes the token of this page invalid.
  const renewToken = async () => {
    const answer = await ask();
    if (answer.ok) form.elements.csrfmiddlewaretoken.value = (await answer.json()).token;
    return answer;
  };

  const newWindow = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
  };

  const send = async () => {
    // By the clock, so that the numbers go on counting up after the page was loaded again.
    number = Math.max(number + 1, Date.now());
    const words = new URLSearchParams(new FormData(form));
    words.set("number", number);
    const answer = await ask({ method: "POST", body: words });
    return answer.ok ? { answer, found: await answer.json() } : { answer };
  };

  // Returns whether the text is kept; undefined if trying again may help.
  const keep = async () => {
    let { answer, found } = await send();
    if (answer.status === 403) {
      answer = await renewToken();
      if (answer.ok) ({ answer, found } = await send());
    }
    if (answer.status === 401 || answer.type === "opaqueredirect") {
      signedOut();
      return undefined;
    }
    // While the form is sent, “closed” means that it was saved: it must not come back as unsaved.
    if (sending) return undefined;
    if (found?.overtaken || found?.closed) {
      if (found.closed) form.elements.window.value = newWindow();
      number = found.overtaken ?? number;
      ({ answer, found } = await send());
    }
    if (!found?.kept && !found?.refused) throw new Error(answer.status);
    if (place.dataset.signedOut) {
      place.replaceChildren();
      delete place.dataset.signedOut;
    }
    tell([found.kept ?? found.refused, found.changed].filter(Boolean).join(" "));
    return Boolean(found.kept);
  };

  const keepNow = async () => {
    clearTimeout(timer);
    timer = 0;
    if (asking || sending) return;
    asking = true;
    const held = before;
    let isKept;
    try {
      isKept = await keep();
      if (isKept && held === before) deleteDraft(key);
    } catch {
      tell(say("not_kept"));
    }
    asking = false;
    if (isKept === undefined || held !== before) timer = setTimeout(keepNow, EVERY);
  };

  const changed = () => {
    const now = asText(fieldValues());
    if (now === before) return;
    before = now;
    dirty = true;
    saveDraft();
    form.dispatchEvent(new CustomEvent("words-changed"));
    timer ||= setTimeout(keepNow, EVERY);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  // A phone may end the page while another one is looked at.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && timer) keepNow();
  });

  // --- Ctrl+S ---

  document.addEventListener("keydown", (event) => {
    const isSave = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!isSave || event.key.toLowerCase() !== "s") return;
    event.preventDefault(); // the browser would save the page as a file
    if (document.querySelector("dialog[open]") || sending) return;
    form.requestSubmit(form.querySelector(".writing-bar .default"));
  });
})();
