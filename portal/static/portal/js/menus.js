// Closes an open menu of the header on Escape, or when the focus or a click goes elsewhere. Without
// this script, a menu is closed by the button that opened it.
"use strict";

(() => {
  const open = () => [...document.querySelectorAll(".staff-header details[open]")];

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = open().find((each) => each.contains(document.activeElement));
    for (const each of open()) each.open = false;
    menu?.querySelector("summary").focus();
  });

  const closeOthers = (event) => {
    for (const each of open()) if (!each.contains(event.target)) each.open = false;
  };
  document.addEventListener("click", closeOthers);
  document.addEventListener("focusin", closeOthers);
})();
