// Quotes the words that somebody selected before choosing “Comment” below their passage. They wait
// in this tab and are in no address. Without this script, the words can be copied into the form.
"use strict";

(() => {
  const KEPT = "quoted-words";
  const LONGEST = 300;
  let selected = null;

  document.querySelector(".quotes-selected").hidden = false;

  const passageOf = (node) => [...document.querySelectorAll(".passage")].find((each) =>
    node.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING && !each.contains(node));

  document.addEventListener("selectionchange", () => {
    const range = getSelection().rangeCount ? getSelection().getRangeAt(0) : null;
    if (!range || range.collapsed) return; // a click on the link ends the selection
    const words = getSelection().toString().replace(/\s*\[\d+\]/g, "").replace(/\s+/g, " ").trim();
    const passage = passageOf(range.endContainer);
    const isOne = passage && passageOf(range.startContainer) === passage;
    selected = isOne && words.length <= LONGEST ? { passage: passage.id, words } : null;
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".comment-here");
    if (!link) return;
    const isHere = selected?.passage === link.closest(".passage").id;
    sessionStorage.setItem(KEPT, isHere ? JSON.stringify(selected) : "");
  });

  const form = document.querySelector(".passage .comment-form");
  if (!form) return;
  const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  const quote = form.querySelector("[name=quote]");
  if (kept?.passage === form.closest(".passage").id && !quote.value) quote.value = kept.words;
  sessionStorage.removeItem(KEPT);
  // The browser goes to the place in the address first, and takes the focus there.
  addEventListener("load", () => setTimeout(() => form.querySelector("textarea").focus()));
})();
