// Reports every few seconds that this request is open here, and shows who else has it open and
// whether it changed. It never touches what is being typed.
"use strict";

(() => {
  const say = (name) => document.getElementById("script-words").content
    .querySelector(`[data-word="${name}"]`).textContent.trim();
  const place = document.querySelector("[data-pulse]");
  const status = document.querySelector("[data-pulse-status]");
  if (!place || !status) return;

  const currentState = () => place.firstElementChild?.dataset.state ?? "";
  let timer = 0;

  const signedOut = () => {
    clearInterval(timer);
    timer = 0;
    const words = say("request_signed_out");
    const note = document.createElement("p");
    note.className = "request-changed";
    note.textContent = words;
    place.replaceChildren(note);
    status.textContent = words;
  };

  const poll = async () => {
    if (document.hidden || !timer) return;
    let answer;
    let html;
    try {
      answer = await fetch(place.dataset.pulse, {
        headers: { "X-Asked-By": "script" },
        redirect: "manual",
        cache: "no-store",
      });
      html = await answer.text();
    } catch {
      return; // temporarily offline: the next poll tries again
    }
    if (!timer) return;
    if (answer.status === 401 || answer.type === "opaqueredirect") {
      signedOut();
      return;
    }
    if (!answer.ok || place.contains(document.activeElement)) return;
    const before = currentState();
    place.innerHTML = html;
    // The minutes always change: announce only real news to screen readers.
    if (currentState() !== before) status.textContent = place.textContent.replace(/\s+/g, " ").trim();
  };

  timer = setInterval(poll, Number(place.dataset.intervalSeconds) * 1000);
  document.addEventListener("visibilitychange", poll);
  poll();
})();
