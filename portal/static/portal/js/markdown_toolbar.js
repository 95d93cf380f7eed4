// The toolbar of an article's body, and the dialogs that insert something into it. Without this
// script, authors type the Markdown themselves.
"use strict";

(() => {
  const say = (name) => document.getElementById("script-words").content
    .querySelector(`[data-word="${name}"]`).textContent.trim();
  const body = document.getElementById("id_body");
  const toolbar = document.querySelector(".toolbar");
  if (!body || !toolbar) return;
  toolbar.hidden = false;

  // --- Inserting text so that Ctrl+Z can undo it ---

  const insertAtCursor = (words, selectFrom, selectTo) => {
    const start = body.selectionStart;
    body.focus();
    // Deprecated, but the only way that browsers can undo.
    if (!document.execCommand("insertText", false, words)) {
      body.setRangeText(words, start, body.selectionEnd, "end");
      body.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (selectFrom !== undefined) body.setSelectionRange(start + selectFrom, start + selectTo);
  };

  const selected = () => body.value.slice(body.selectionStart, body.selectionEnd);

  const wrap = (mark) => {
    const words = selected() || "words";
    insertAtCursor(mark + words + mark, mark.length, mark.length + words.length);
  };

  const prefix = (mark) => {
    const { value } = body;
    const start = value.lastIndexOf("\n", body.selectionStart - 1) + 1;
    const after = value.indexOf("\n", body.selectionEnd);
    const end = after < 0 ? value.length : after;
    body.setSelectionRange(start, end);
    const lines = value.slice(start, end).split("\n").map((line) => mark + line).join("\n");
    insertAtCursor(lines, lines.length, lines.length);
  };

  // A block needs an empty line before and after it.
  const block = (words) => {
    const before = body.value.slice(0, body.selectionStart).replace(/[ \t]+$/, "");
    const behind = body.value.slice(body.selectionEnd);
    const open = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const close = behind.startsWith("\n\n") || behind === "" ? "" : behind.startsWith("\n") ? "\n" : "\n\n";
    insertAtCursor(`${open}${words}${close}`);
  };

  body.addEventListener("insert-words", ({ detail: { words, isBlock } }) => {
    if (isBlock) block(words);
    else insertAtCursor(words);
  });

  const link = () => {
    const words = selected() || "words";
    const address = "https://";
    insertAtCursor(`[${words}](${address})`, words.length + 3, words.length + 3 + address.length);
  };

  const TABLE = "| What | How many |\n| --- | --- |\n| … | … of … |";

  toolbar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { wrap: mark, prefix: lead, dialog } = button.dataset;
    if (mark) wrap(mark);
    else if (lead) prefix(lead);
    else if (dialog) open(dialog);
    else if ("link" in button.dataset) link();
    else block(TABLE);
  });

  // Arrow keys move along the toolbar, which is a single tab stop.
  const buttons = [...toolbar.querySelectorAll("button")];
  const setTabStop = (at) => buttons.forEach((each, number) => { each.tabIndex = number === at ? 0 : -1; });
  setTabStop(0);
  toolbar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const next = (to + buttons.length) % buttons.length;
    setTabStop(next);
    buttons[next].focus();
  });
  toolbar.addEventListener("focusin", (event) => setTabStop(buttons.indexOf(event.target)));

  body.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const mark = { b: "**", i: "*" }[event.key.toLowerCase()];
    if (!mark) return;
    event.preventDefault();
    wrap(mark);
  });

  // --- Dialogs ---

  const open = (name) => {
    const dialog = document.getElementById(`insert-${name}`);
    dialog.returnValue = "";
    dialog.showModal();
    const search = dialog.querySelector("input[type=search]");
    if (search) {
      search.value = selected().slice(0, 100);
      find(dialog);
    }
  };

  for (const dialog of document.querySelectorAll("dialog.insert-dialog")) {
    dialog.addEventListener("close", () => {
      const value = dialog.returnValue;
      body.focus();
      if (!value) return;
      if (dialog.id === "insert-part") block(`::: ${value}\n\n:::`);
      else if (dialog.id === "insert-finding") block(buildFinding(dialog));
      else insertAtCursor(value);
    });
  }

  // --- The library ---

  const searchLibrary = async (shelf, words) => {
    try {
      const answer = await fetch(`${shelf}?q=${encodeURIComponent(words)}`, {
        headers: { "X-Asked-By": "script" },
        redirect: "manual",
        cache: "no-store",
      });
      return answer.ok ? (await answer.json()).found : undefined;
    } catch {
      return undefined;
    }
  };

  const asRow = (each) => {
    const button = document.createElement("button");
    button.type = "submit";
    button.value = each.insert;
    if (each.thumbnail) {
      const image = document.createElement("img");
      image.src = each.thumbnail;
      image.alt = "";
      button.append(image);
    }
    const title = document.createElement("strong");
    title.textContent = each.title;
    const detail = document.createElement("span");
    detail.textContent = [each.mark, each.detail].filter(Boolean).join(" · ");
    button.append(title, detail);
    const row = document.createElement("li");
    row.append(button);
    return row;
  };

  const find = async (dialog) => {
    const search = dialog.querySelector("input[type=search]");
    const status = dialog.querySelector("[role=status]");
    const words = search.value;
    const found = await searchLibrary(dialog.dataset.libraryUrl, words);
    if (search.value !== words) return; // they kept typing
    dialog.querySelector(".search-results").replaceChildren(...(found ?? []).map(asRow));
    status.textContent = !found
      ? say("library_away")
      : found.length
        ? say("found").replace("{count}", found.length)
        : say("no_results");
  };

  for (const dialog of document.querySelectorAll("dialog[data-library-url]")) {
    let timer = 0;
    const search = dialog.querySelector("input[type=search]");
    search.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(find, 250, dialog);
    });
    // Enter searches; it must not press whichever button comes first.
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      find(dialog);
    });
  }

  // --- A finding ---

  const finding = document.getElementById("insert-finding");
  const form = finding.querySelector("form");
  const outcomes = () =>
    [...form.querySelectorAll(".outcome:not(.deaths)")]
      .map((each) => Object.fromEntries(
        [...each.querySelectorAll("input, select")].map((field) => [field.name, field.value.trim()]),
      ))
      .filter((each) => each.what || each.count);

  const whole = (words) => /^\d+$/.test(words);
  // In quotes if YAML might not read it as plain text.
  const quoted = (words) => (/^[A-Za-z][A-Za-z0-9 ,.()%-]*$/.test(words) ? words : JSON.stringify(words));

  // Until somebody chooses a design, use the one that the library has for the source.
  let isDesignChosen = false;
  form.elements.design.addEventListener("change", () => { isDesignChosen = true; });

  const compares = () => form.querySelector(".second-group-fields").open;

  const notStated = (name) => form.elements[name].value;

  const findProblem = () => {
    const { study, design, people, first, second, people2, followed, deaths, deaths2, cannot } = form.elements;
    if (!/^[a-z][a-z0-9-]*$/.test(study.value.trim())) return [say("enter_key"), study];
    if (!whole(people.value.trim())) return [say("enter_people"), people];
    if (!followed.value.trim()) return [say("enter_follow_up"), followed];
    if (!design.value) return [say("choose_design"), design];
    if (compares()) {
      if (!first.value.trim()) return [say("name_first_group"), first];
      if (!second.value.trim() || second.value.trim() === first.value.trim()) return [say("name_second_group"), second];
      if (!whole(people2.value.trim())) return [say("enter_people_second"), people2];
    }
    const all = outcomes();
    if (!all.length) return [say("enter_outcome"), form.elements.what[0]];
    const counts = (each) => [each.count, each.total || "0", ...(compares() ? [each.count2, each.total2 || "0"] : [])];
    const wrong = all.find((each) => !each.what || !counts(each).every(whole));
    if (wrong) return [say("enter_counts").replace("{what}", wrong.what), form.elements.what[0]];
    const died = [deaths.value.trim(), ...(compares() ? [deaths2.value.trim()] : [])];
    if (died.some(Boolean) && notStated("no-deaths")) return [say("deaths_or_not_stated"), deaths];
    if (died.some(Boolean) && !died.every(whole)) return [say("deaths_in_each"), deaths];
    if (notStated("no-harms") && all.some((each) => each.kind === "harm")) return [say("harms_stated"), form.elements["no-harms"]];
    if (!cannot.value.trim()) return [say("enter_limits"), cannot];
    return undefined;
  };

  const buildFinding = () => {
    const { study, design, tested, whom, people, first, second, people2, also, followed, deaths, deaths2, cannot } = form.elements;
    const all = outcomes();
    // Both groups on one line; names are in quotes, because they may contain YAML syntax.
    const inBoth = (one, other) => `{${JSON.stringify(first.value.trim())}: ${one}, ${JSON.stringify(second.value.trim())}: ${other}}`;
    const [n, n2] = [people.value.trim(), people2.value.trim()];
    const lines = ["```finding", `study: ${study.value.trim()}`, `design: ${design.value}`];
    // Leave out empty fields, so that they never become claims about the study.
    if (tested.value.trim()) lines.push(`tested: ${quoted(tested.value.trim())}`);
    if (whom.value.trim()) lines.push(`on whom: ${quoted(whom.value.trim())}`);
    lines.push(compares() ? `groups: ${inBoth(n, n2)}` : `people: ${n}`);
    if (compares() && also.value.trim()) lines.push(`everyone also: ${quoted(also.value.trim())}`);
    lines.push(`followed: ${quoted(followed.value.trim())}`);
    const died = deaths.value.trim();
    const dead = `${died} of ${n}`;
    if (died) lines.push(`deaths: ${compares() ? inBoth(dead, `${deaths2.value.trim()} of ${n2}`) : dead}`);
    else if (notStated("no-deaths")) lines.push(`deaths: ${notStated("no-deaths")}`);
    lines.push("outcomes:");
    for (const each of all) {
      lines.push(`  - ${each.kind}: ${quoted(each.what)}`);
      const [count, count2] = [`${each.count} of ${each.total || n}`, `${each.count2} of ${each.total2 || n2}`];
      lines.push(`    count: ${compares() ? inBoth(count, count2) : count}`);
    }
    if (notStated("no-harms")) lines.push(`harms: ${notStated("no-harms")}`);
    lines.push(`cannot show: ${quoted(cannot.value.trim())}`, "```");
    form.reset();
    isDesignChosen = false;
    form.querySelector(".second-group-fields").open = false;
    return lines.join("\n");
  };

  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "insert") return;
    const wrong = findProblem();
    const note = form.querySelector("[role=alert]");
    note.hidden = !wrong;
    if (!wrong) return;
    event.preventDefault();
    note.textContent = wrong[0];
    wrong[1].focus();
  });
  // Enter in a field means “Insert”, not the first button.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[value=insert]"));
  });

  const keys = document.getElementById("finding-sources");
  form.elements.study.addEventListener("input", async () => {
    const shelf = document.getElementById("insert-sources").dataset.libraryUrl;
    const typed = form.elements.study.value;
    const found = await searchLibrary(shelf, typed);
    if (form.elements.study.value !== typed) return; // a later answer is on its way
    keys.replaceChildren(...(found ?? []).map((each) => new Option(each.title, each.key)));
    const known = (found ?? []).find((each) => each.key === typed.trim());
    if (!isDesignChosen) form.elements.design.value = known?.design ?? "";
  });
})();
