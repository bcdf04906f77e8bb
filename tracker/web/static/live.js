// A page that is left open asks from time to time whether it still says what is true. If not, it says so, and leaves it
// to the reader when to look: nothing moves under their hands. When it is put away, it tells how far they have read.
(() => {
  "use strict";

  const PAUSE = 20000;
  const LONGEST_PAUSE = 300000;
  const say = document.currentScript.dataset;
  const made = document.body.dataset.mark;
  // what was typed into a filter since is in the address, but the page is not made of it
  const asked = location.href;
  let pause = PAUSE;
  let over = !made;

  function tell(words, link, address) {
    over = true;
    const box = document.createElement("div");
    box.className = "live";
    box.setAttribute("role", "status");
    document.body.append(box);
    // what is said must come after the box is there, or it is not heard
    window.setTimeout(() => {
      const sentence = document.createElement("span");
      sentence.textContent = words;
      const way = document.createElement("a");
      way.href = address;
      way.textContent = link;
      box.append(sentence, way);
    }, 50);
  }

  async function look() {
    if (over) return;
    if (document.visibilityState === "visible") {
      try {
        const answer = await fetch(asked, { method: "HEAD", credentials: "same-origin", cache: "no-store", redirect: "manual" });
        if (answer.type === "opaqueredirect") tell(say.gone, say.signIn, location.href);
        else if (answer.ok && answer.headers.get("ETag")?.replaceAll(/W\/|"/g, "") !== made) tell(say.changed, say.show, location.href);
        pause = answer.ok ? PAUSE : Math.min(pause * 2, LONGEST_PAUSE);
      } catch {
        // away for a moment: ask ever less often
        pause = Math.min(pause * 2, LONGEST_PAUSE);
      }
    }
    window.setTimeout(look, pause);
  }

  function haveSeen() {
    const until = document.querySelector("[data-seen-until]")?.dataset.seenUntil;
    const token = document.querySelector("[name=csrf_token]")?.value;
    if (document.visibilityState !== "hidden" || !until || !token) return;
    document.removeEventListener("visibilitychange", haveSeen);
    fetch(say.seen, { method: "POST", keepalive: true, credentials: "same-origin", body: new URLSearchParams({ until, csrf_token: token }) }).catch(() => {});
  }

  document.addEventListener("visibilitychange", haveSeen);
  // it was away, and may be old
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") pause = PAUSE; });
  window.setTimeout(look, pause);
})();
