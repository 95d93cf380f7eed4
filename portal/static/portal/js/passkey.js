// Asks the browser for a passkey when the button is pressed, and submits it with the form.
"use strict";

(() => {
  const say = (name) => document.getElementById("script-words").content
    .querySelector(`[data-word="${name}"]`).textContent.trim();
  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  const button = form.querySelector("[data-passkey-button]");
  const errorMessage = form.querySelector("[data-passkey-error]");
  const options = JSON.parse(document.getElementById("passkey-options").textContent);

  const showError = (words) => {
    errorMessage.textContent = words;
    errorMessage.hidden = false;
  };

  const requestCredential = () => {
    if (form.dataset.passkey === "get") return webauthnJSON.get(options);
    // A passkey for passwordless sign-in is stored on the device and verifies who is using it.
    const alone = form.elements.passwordless.checked;
    const wanted = options.publicKey.authenticatorSelection;
    wanted.residentKey = alone ? "required" : "discouraged";
    wanted.requireResidentKey = alone;
    if (alone) wanted.userVerification = "required";
    return webauthnJSON.create(options);
  };

  button.addEventListener("click", async () => {
    errorMessage.hidden = true;
    button.disabled = true;
    try {
      form.elements.credential.value = JSON.stringify(await requestCredential());
      form.submit();
    } catch (error) {
      showError(
        error.name === "InvalidStateError"
          ? say("added_already")
          : say("none_used"),
      );
    } finally {
      button.disabled = false;
    }
  });

  form.querySelector("[data-passkey-noscript]").hidden = true;
  if (webauthnJSON.supported()) button.hidden = false;
  else showError(say("not_supported"));
})();
