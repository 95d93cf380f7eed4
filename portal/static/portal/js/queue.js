// Adds keyboard shortcuts to the queue and keeps it up to date. Without this script, it is an
// ordinary page to be reloaded.
"use strict";

(() => {
  const say = (name) => document.getElementById("script-words").content
    .querySelector(`[data-word="${name}"]`).textContent.trim();
  const live = document.querySelector(".queue-live");
  if (!live) return;
  const status = document.querySelector(".queue-status");
  const news = document.querySelector(".queue-news");
  const rows = () => [...live.querySelectorAll("tr[data-reference]")];
  const link = (row) => row.querySelector("a.reference");

  // --- Keys: only while the focus is in the table (WCAG 2.1.4) ---

  const moveFocus = (row, by) => {
    const all = rows();
    const at = all.indexOf(row);
    const next = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
    if (next) link(next).focus();
  };

  const toggleMark = (row) => {
    const box = row?.querySelector("input[type=checkbox]");
    if (!box) return;
    box.checked = !box.checked;
    status.textContent = `${row.dataset.reference} ${box.checked ? "selected" : "no longer selected"}.`;
  };

  const claim = (row) => {
    const box = row?.querySelector("input[type=checkbox]");
    const form = document.getElementById("bulk");
    const button = form?.querySelector("button[value=claim]");
    if (!box || !button) return;
    for (const each of live.querySelectorAll("input[name=picked]")) each.checked = each === box;
    // Return to the table, which takes the focus, so that the keys keep working.
    form.action = `${form.action.split("#")[0]}#results`;
    form.requestSubmit(button);
  };

  const KEYS = {
    j: (row) => moveFocus(row, 1),
    ArrowDown: (row) => moveFocus(row, 1),
    k: (row) => moveFocus(row, -1),
    ArrowUp: (row) => moveFocus(row, -1),
    x: toggleMark,
    c: claim,
  };

  live.addEventListener("keydown", (event) => {
    if (!event.target.closest(".results") || event.ctrlKey || event.altKey || event.metaKey) return;
    const act = KEYS[event.key];
    if (!act || (event.repeat && event.key === "c")) return;
    event.preventDefault();
    act(event.target.closest("tr[data-reference]"));
  });

  const help = document.querySelector(".queue-keys");
  if (help) help.hidden = false;

  // --- Up to date ---

  const every = Number(live.dataset.intervalSeconds) * 1000;
  if (!every) return;
  let timer = 0;
  let asked = Date.now();
  let failed = false;

  const versions = (of) =>
    new Map([...of.querySelectorAll("tr[data-reference]")].map((row) => [
      row.dataset.reference,
      row.dataset.version,
    ]));

  const describeChanges = (before, after, added) => {
    const gone = [...before.keys()].filter((each) => !after.has(each)).length;
    const changed = [...after].filter(([each, version]) =>
      before.has(each) && before.get(each) !== version).length;
    const words = [];
    if (added) words.push(say("count_new").replace("{count}", added));
    if (changed) words.push(say("count_changed").replace("{count}", changed));
    if (gone) words.push(say("count_gone").replace("{count}", gone));
    return words.join(", ");
  };

  // Returns the rows that came since. On a full page, what follows the last known row only moved up.
  const newRows = (fresh, before) => {
    const all = [...fresh.querySelectorAll("tr[data-reference]")];
    const isKnown = (row) => before.has(row.dataset.reference);
    const isFull = Boolean(fresh.querySelector("[data-part=pages] [rel=next]"));
    const end = isFull ? all.findLastIndex(isKnown) + 1 || all.length : all.length;
    return all.slice(0, end).filter((row) => !isKnown(row));
  };

  // New requests are held back until somebody asks for them: nothing moves under a finger.
  const offerNews = (html, references) => {
    if (!references.length) {
      news.replaceChildren();
      return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = say("show_new").replace("{count}", references.length);
    button.addEventListener("click", () => showNews(html, references));
    // Replaced only if it says something else, so that a focused button stays.
    if (news.textContent !== button.textContent || !news.contains(document.activeElement)) {
      news.replaceChildren(button);
    } else {
      news.firstElementChild.replaceWith(button);
      button.focus();
    }
  };

  // What was shown last stays at the top until something newer is, or the page is loaded again.
  let atTop = [];
  const moveToTop = (fresh) => {
    const isNew = (row) => atTop.includes(row.dataset.reference);
    const found = [...fresh.querySelectorAll("tr[data-reference]")].filter(isNew);
    for (const row of found) row.classList.add("is-new");
    found[0]?.parentElement.prepend(...found);
    return found.length;
  };

  const showNews = (html, references) => {
    const fresh = new DOMParser().parseFromString(html, "text/html").body;
    atTop = references;
    const count = moveToTop(fresh);
    news.replaceChildren();
    replaceContent(fresh);
    if (count) link(rows()[0]).focus();
    status.textContent = say("new_shown").replace("{count}", count);
  };

  const replaceContent = (fresh) => {
    const focused = document.activeElement;
    const row = focused.closest?.("tr[data-reference]");
    const at = rows().indexOf(row);
    const wasBox = focused.type === "checkbox";
    const hadTable = live.querySelector("[data-part=rows]");
    if (hadTable && fresh.querySelector("[data-part=rows]")) {
      for (const part of live.querySelectorAll("[data-part]")) {
        const from = fresh.querySelector(`[data-part=${part.dataset.part}]`);
        // Leave the part that has the focus alone, except rows, whose focus is restored.
        if (from && (part.dataset.part === "rows" || !part.contains(focused))) {
          part.innerHTML = from.innerHTML;
        }
      }
    } else {
      live.innerHTML = fresh.innerHTML;
    }
    if (!row) return;
    const all = rows();
    const same = all.find((each) => each.dataset.reference === row.dataset.reference);
    const next = same ?? all[Math.min(at, all.length - 1)];
    if (next) (same && wasBox ? next.querySelector("input") ?? link(next) : link(next)).focus();
  };

  const signedOut = () => {
    clearInterval(timer);
    timer = 0;
    news.replaceChildren();
    const again = document.createElement("a");
    again.href = location.href;
    again.textContent = say("sign_in_again");
    status.replaceChildren(`${say("queue_signed_out")} `, again);
  };

  const isMarked = () => Boolean(live.querySelector("input[name=picked]:checked"));

  const refresh = async () => {
    if (!timer || document.hidden) return;
    if (isMarked()) {
      status.textContent = say("not_updated");
      return;
    }
    asked = Date.now();
    let answer;
    let html;
    try {
      answer = await fetch(location.href, {
        headers: { "X-Asked-By": "script" },
        redirect: "manual",
        cache: "no-store",
      });
      html = await answer.text();
    } catch {
      answer = undefined;
    }
    if (!timer) return;
    if (answer && (answer.status === 401 || answer.type === "opaqueredirect")) {
      signedOut();
      return;
    }
    if (!answer?.ok) {
      if (!failed) status.textContent = say("update_failed");
      failed = true;
      return;
    }
    if (isMarked()) return; // selected in the meantime
    const fresh = new DOMParser().parseFromString(html, "text/html").body;
    const before = versions(live);
    const added = newRows(fresh, before);
    const said = describeChanges(before, versions(fresh), added.length);
    if (before.size) {
      offerNews(html, added.map((row) => row.dataset.reference));
      for (const row of added) row.remove();
      moveToTop(fresh);
    }
    const isAllNew = before.size && added.length && !fresh.querySelector("tr[data-reference]");
    if (!isAllNew) replaceContent(fresh);
    if (said) status.textContent = say("updated").replace("{changes}", said);
    else if (failed) status.textContent = say("up_to_date");
    else if (status.textContent === say("not_updated")) status.textContent = "";
    failed = false;
  };

  timer = setInterval(refresh, every);
  document.addEventListener("visibilitychange", () => {
    if (Date.now() - asked >= every) refresh();
  });
})();
