// Asks again how far the work is, and opens the page anew when its state has changed.
(() => {
  "use strict";

  const PAUSE_MILLISECONDS = 700;
  const LONGEST_PAUSE_MILLISECONDS = 10000;
  let pause = PAUSE_MILLISECONDS;

  async function look() {
    const before = document.getElementById("progress");
    try {
      const answer = await fetch(window.location.pathname, { credentials: "same-origin", cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const after = page.getElementById("progress");
      if (!answer.ok || answer.redirected || !after || heading(after) !== heading(before)) {
        window.location.replace(window.location.pathname);
        return;
      }
      before.replaceChildren(...after.childNodes);
      pause = PAUSE_MILLISECONDS;
    } catch {
      // away for a moment: ask ever less often
      pause = Math.min(pause * 2, LONGEST_PAUSE_MILLISECONDS);
    }
    window.setTimeout(look, pause);
  }

  function heading(progress) {
    return progress.querySelector("h2").textContent;
  }

  window.setTimeout(look, pause);
})();
