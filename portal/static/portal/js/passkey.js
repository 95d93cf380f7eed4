// Asks the browser for a passkey when its button is pressed, and sends the answer with the form.
"use strict";

(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  const button = form.querySelector("[data-passkey-button]");
  const trouble = form.querySelector("[data-passkey-trouble]");
  const options = JSON.parse(document.getElementById("passkey-options").textContent);

  const tell = (words) => {
    trouble.textContent = words;
    trouble.hidden = false;
  };

  const ask = () => {
    if (form.dataset.passkey === "get") return webauthnJSON.get(options);
    // A passkey that signs in by itself is kept on the device and asks who holds it.
    const alone = form.elements.passwordless.checked;
    const wanted = options.publicKey.authenticatorSelection;
    wanted.residentKey = alone ? "required" : "discouraged";
    wanted.requireResidentKey = alone;
    if (alone) wanted.userVerification = "required";
    return webauthnJSON.create(options);
  };

  button.addEventListener("click", async () => {
    trouble.hidden = true;
    button.disabled = true;
    try {
      form.elements.credential.value = JSON.stringify(await ask());
      form.submit();
    } catch (error) {
      tell(
        error.name === "InvalidStateError"
          ? "You have added this passkey already. Choose another one."
          : "No passkey was used. Press the button to try again.",
      );
    } finally {
      button.disabled = false;
    }
  });

  form.querySelector("[data-passkey-without]").hidden = true;
  if (webauthnJSON.supported()) button.hidden = false;
  else tell("Your browser cannot use passkeys here. Use your password and a code.");
})();
