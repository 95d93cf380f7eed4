// What is pasted or dropped into an article's body: formatted text becomes Markdown, and a picture
// goes to the library. Without this script, browsers paste plain text.
"use strict";

(() => {
  const say = (name) => document.getElementById("script-words").content
    .querySelector(`[data-word="${name}"]`).textContent.trim();
  const form = document.getElementById("writing");
  const body = document.getElementById("id_body");
  if (!form || !body) return;

  const status = document.getElementById("paste-status");
  const insert = (words, isBlock = false) =>
    body.dispatchEvent(new CustomEvent("insert-words", { detail: { words, isBlock } }));

  const post = async (address, data) => {
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: { "X-Asked-By": "script" },
        body: data,
        redirect: "manual",
        cache: "no-store",
      });
      return answer.ok ? await answer.json() : undefined;
    } catch {
      return undefined; // offline
    }
  };

  // --- Formatted text. It is never made into elements here: the server reads it. ---

  const MOST = 1_000_000;

  const pasteHtml = async (html, plain) => {
    status.textContent = say("converting");
    const found = html.length > MOST
      ? undefined
      : await post(form.dataset.pasteUrl, new URLSearchParams({ html }));
    insert(found?.markdown ?? plain);
    status.textContent = found ? (found.refused ?? found.notes) : say("pasted_plain");
  };

  body.addEventListener("paste", (event) => {
    const { files, types } = event.clipboardData;
    const html = event.clipboardData.getData("text/html");
    const plain = event.clipboardData.getData("text/plain");
    const picture = [...files].find((each) => each.type.startsWith("image/"));
    if (picture && !plain.trim()) {
      event.preventDefault();
      openUpload(picture);
    } else if (html && !types.includes("vscode-editor-data")) { // code editors add colors to Markdown
      event.preventDefault();
      pasteHtml(html, plain);
    }
  });

  // --- Pictures ---

  const dialog = document.getElementById("insert-upload");
  if (!dialog) return;
  const upload = dialog.querySelector("form");
  const note = dialog.querySelector("[role=alert]");
  const progress = dialog.querySelector("[role=status]");
  const { file, name } = upload.elements;

  const nameAfter = (chosen) => {
    const stem = chosen.name.replace(/\.[^.]*$/, "");
    if (!name.value && !/^image\d*$/.test(stem)) name.value = stem.slice(0, 60);
  };

  // Where the picture goes, whatever happens to the caret while it is described.
  let caret = [0, 0];
  body.addEventListener("blur", () => { caret = [body.selectionStart, body.selectionEnd]; });

  const openUpload = (picture) => {
    const chosen = new DataTransfer();
    chosen.items.add(picture);
    file.files = chosen.files;
    nameAfter(picture);
    dialog.returnValue = "";
    dialog.showModal();
  };
  file.addEventListener("change", () => {
    if (file.files[0]) nameAfter(file.files[0]);
  });

  const hasFiles = (event) => event.dataTransfer.types.includes("Files");
  body.addEventListener("dragover", (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  body.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault(); // the browser would leave the page and show the file
    const picture = [...event.dataTransfer.files].find((each) => each.type.startsWith("image/"));
    if (picture) openUpload(picture);
  });

  const refuse = (words) => {
    note.hidden = !words;
    note.textContent = words;
  };

  upload.addEventListener("submit", async (event) => {
    if (event.submitter?.value !== "upload") return;
    event.preventDefault();
    refuse(file.files.length ? "" : say("no_file"));
    if (!file.files.length) return;
    progress.textContent = say("uploading");
    event.submitter.disabled = true;
    const found = await post(upload.dataset.url, new FormData(upload));
    event.submitter.disabled = false;
    progress.textContent = "";
    refuse(found ? (found.refused ?? []).join(" ") : say("not_uploaded"));
    if (!found?.insert) return;
    upload.reset();
    dialog.close();
    body.setSelectionRange(...caret);
    insert(found.insert, true);
  });
})();
