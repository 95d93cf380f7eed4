// Keeps the count in the title right while a page is open, and notifies about urgent requests where
// somebody asked for it. Without this script, the title is right when the page is loaded.
"use strict";

(() => {
  const told = document.querySelector(".told-in-time");
  if (!told) return;
  const say = (name) => told.querySelector(".told-words").content
    .querySelector(`[data-word="${name}"]`).textContent.trim();
  const status = told.querySelector(".told-status");
  const offer = told.querySelector(".told-offer");
  const button = offer.querySelector("button");
  const title = document.title.trim().replace(/^\([0-9]+\+?\)\s*/, "");

  // --- Notifications: wished for in this browser, and allowed by it ---

  const WISHED = "notify-urgent";
  const SEEN = "urgent-seen";
  const offered = button.textContent.trim();
  const canNotify = "Notification" in window && window.isSecureContext;
  const isOn = () =>
    canNotify && localStorage.getItem(WISHED) === "yes" && Notification.permission === "granted";

  const showOffer = () => {
    offer.hidden = !canNotify;
    button.textContent = isOn() ? say("stop") : offered;
  };

  button.addEventListener("click", async () => {
    if (isOn()) {
      localStorage.removeItem(WISHED);
      status.textContent = say("off");
    } else if (await Notification.requestPermission() === "granted") {
      localStorage.setItem(WISHED, "yes");
      status.textContent = say("on");
    } else {
      status.textContent = say("refused");
    }
    showOffer();
  });

  const notify = (mark) => {
    // Noted for all open pages together, so that one request is one notification.
    const isNew = mark && mark > (localStorage.getItem(SEEN) ?? "");
    if (!isNew) return;
    localStorage.setItem(SEEN, mark);
    if (!isOn()) return;
    const shown = new Notification(say("urgent"), { tag: "urgent-request" });
    shown.addEventListener("click", () => {
      window.focus();
      shown.close();
    });
  };

  // --- Asked every minute, also in the background: that is when it is needed ---

  const every = Number(told.dataset.askSeconds) * 1000;
  let timer = 0;

  const ask = async () => {
    let found;
    try {
      const answer = await fetch(told.dataset.address, {
        headers: { "X-Asked-By": "script" },
        redirect: "manual",
        cache: "no-store",
      });
      if (answer.status === 401) clearInterval(timer); // signed out; the page says so itself
      if (!answer.ok) return;
      found = await answer.json();
    } catch {
      return; // the next minute may be better
    }
    document.title = found.count ? `(${found.count}) ${title}` : title;
    notify(found.urgent);
  };

  showOffer();
  timer = setInterval(ask, every);
})();
