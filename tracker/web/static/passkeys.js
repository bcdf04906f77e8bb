// Passkeys: asks the server for a challenge, lets the device sign it, sends the answer back.
// Without this file, or in a browser without passkeys, everything else on these pages still works.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const toBytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const toText = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  class Refused extends Error {}

  async function send(address, token, content) {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify(content),
      credentials: "same-origin",
    });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(told.problem || "");
    return told;
  }

  // Challenges, keys and signatures are bytes for the device and text for the server.
  function forDevice(options) {
    const known = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));
    const made = { ...options, challenge: toBytes(options.challenge) };
    if (options.user) made.user = { ...options.user, id: toBytes(options.user.id) };
    if (options.excludeCredentials) made.excludeCredentials = known(options.excludeCredentials);
    if (options.allowCredentials) made.allowCredentials = known(options.allowCredentials);
    return made;
  }

  function forServer(credential) {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) response[part] = toText(credential.response[part]);
    }
    return { id: credential.id, rawId: toText(credential.rawId), type: credential.type, response };
  }

  async function perform(place, work) {
    const said = place.querySelector("[role=alert]");
    const button = place.querySelector("button");
    said.textContent = "";
    button.disabled = true;
    try {
      const told = await work();
      window.location.assign(told.next);
    } catch (problem) {
      said.textContent = (problem instanceof Refused && problem.message) || place.dataset.failed;
      button.disabled = false;
    }
  }

  const signIn = document.getElementById("passkey-sign-in");
  if (signIn) {
    const { options, answer, next, token } = signIn.dataset;
    signIn.hidden = false;
    signIn.querySelector("button").addEventListener("click", () =>
      perform(signIn, async () => {
        const publicKey = forDevice(await send(options, token, {}));
        const credential = await navigator.credentials.get({ publicKey });
        return send(answer, token, { answer: forServer(credential), next });
      }),
    );
  }

  const registration = document.getElementById("passkey-registration");
  if (registration) {
    const { options, answer } = registration.dataset;
    const form = registration.querySelector("form");
    const value = (name) => form.elements.namedItem(name).value;
    document.getElementById("passkeys-unavailable").hidden = true;
    registration.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      perform(registration, async () => {
        const token = value("csrf_token");
        const asked = await send(options, token, { name: value("name"), password: value("current_password") });
        const credential = await navigator.credentials.create({ publicKey: forDevice(asked) });
        return send(answer, token, { name: value("name"), answer: forServer(credential) });
      });
    });
  }
})();
