// Keeps what was typed into a form when its page is left, so that it is there again. Without this file a form is kept
// only where the session was over, and the page says that what is typed is saved with the button.
(() => {
  "use strict";
  const form = document.querySelector("form[data-unsent]");
  if (!form) return;
  let touched = false;
  let sent = false;

  const isBlank = () =>
    [...form.elements].every((one) =>
      one.type === "checkbox" ? !one.checked : !(one.matches("textarea, input[type=text]") && one.value.trim()),
    );

  function keep(blank) {
    const fields = new FormData(form);
    fields.set("address", location.pathname);
    if (blank) fields.set("blank", "yes");
    navigator.sendBeacon(form.dataset.unsent, fields);
    touched = false;
  }

  form.addEventListener("input", () => {
    touched = true;
    sent = false;
  });
  form.addEventListener("submit", () => {
    sent = true;
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-forget]")) return;
    keep(true);
    sent = true;
  });
  addEventListener("pagehide", () => {
    if (touched && !sent) keep(isBlank());
  });
  // On a phone this may be the last that a page hears.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && touched && !sent) keep(isBlank());
  });
})();
