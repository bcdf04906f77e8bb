// Keeps what was typed into a form, a moment after the typing stops and once more as the page is left, so that it is
// there again. Without this file a form is kept only where the session was over, and the page says that what is typed
// is saved with the button.
(() => {
  "use strict";
  const PAUSE = 500;
  // A server that does not answer holds up nobody's form for longer.
  const LONGEST_WAIT = 5000;
  const form = document.querySelector("form[data-unsent]");
  if (!form) return;
  // An older browser keeps nothing, rather than hold up a form.
  if (!form.requestSubmit || !AbortSignal.timeout) return;
  let touched = false;
  // Sent or cancelled: nothing more is kept.
  let over = false;
  let pause = 0;
  // One after the other: what is typed last must arrive last. null: nothing is on its way.
  let onItsWay = null;

  const isBlank = () =>
    [...form.elements].every((one) =>
      one.type === "checkbox" ? !one.checked : !(one.matches("textarea, input[type=text]") && one.value.trim()),
    );

  function typed(blank) {
    const fields = new FormData(form);
    // A form that came back with what speaks against it may stand at another address than the one it is kept for.
    fields.set("address", form.dataset.page || location.pathname);
    if (blank) fields.set("blank", "yes");
    return fields;
  }

  function send(fields, keepalive = false) {
    onItsWay = fetch(form.dataset.unsent, { method: "POST", body: fields, keepalive, signal: AbortSignal.timeout(LONGEST_WAIT) })
      .then((answer) => answer.ok)
      .catch(() => false)
      .then((kept) => {
        onItsWay = null;
        if (!kept) touched = true;
        else if (touched) later(PAUSE);
      });
    return onItsWay;
  }

  function keep(keepalive) {
    clearTimeout(pause);
    if (!touched || over || onItsWay) return;
    touched = false;
    send(typed(isBlank()), keepalive);
  }

  function later(milliseconds) {
    clearTimeout(pause);
    pause = setTimeout(keep, milliseconds);
  }

  const differs = (one) =>
    one.type === "checkbox" ? one.checked !== one.defaultChecked : one.matches("textarea") && one.value !== one.defaultValue;

  form.addEventListener("input", () => {
    touched = true;
    over = false;
    later(PAUSE);
  });
  // Whoever goes from one field to something else is done with it.
  form.addEventListener("change", () => keep());

  // What is kept after a form was carried out would come back as not saved: the form waits for what is on its way.
  form.addEventListener("submit", (event) => {
    clearTimeout(pause);
    if (onItsWay) {
      event.preventDefault();
      if (!over) onItsWay.then(() => form.requestSubmit(event.submitter));
    }
    over = true;
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-forget]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    clearTimeout(pause);
    over = true;
    Promise.resolve(onItsWay)
      .then(() => send(typed(true)))
      .then(() => location.assign(link.href));
  });

  // Somebody may have typed before this file came. What the browser itself filled in again may have been sent long ago.
  if (performance.getEntriesByType("navigation")[0]?.type === "navigate" && [...form.elements].some(differs)) {
    touched = true;
    later(PAUSE);
  }

  // The last moment, and what may not have arrived.
  addEventListener("pagehide", () => {
    if ((touched || onItsWay) && !over) navigator.sendBeacon(form.dataset.unsent, typed(isBlank()));
    touched = false;
  });
  // On a phone this may be the last that a page hears.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep(true);
  });
  // From the browser's memory the page comes back as it was left.
  addEventListener("pageshow", (event) => {
    if (event.persisted) over = false;
  });
})();
