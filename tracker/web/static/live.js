// A page that is left open asks from time to time whether it still says what is true. If not, it says so, and leaves it
// to the reader when to look: nothing moves under their hands. When it is put away, it tells how far they have read.
(() => {
  "use strict";

  const PAUSE = 20000;
  const LONGEST_PAUSE = 300000;
  // before a page that was away is asked about: many may come back at once
  const RETURN = 3000;
  const say = document.currentScript.dataset;
  const made = document.body.dataset.mark;
  // what was typed into a filter since is in the address, but the page is not made of it
  const asked = location.href;
  let pause = PAUSE;
  let over = !made;
  let waiting = 0;
  // as they came, before any script has touched them
  const parts = over ? new Map() : partsOf(document);

  // By its heading, what each section of a page says.
  function partsOf(page) {
    const found = new Map();
    for (const section of page.querySelectorAll("main section[aria-labelledby]")) {
      const heading = page.getElementById(section.getAttribute("aria-labelledby"));
      if (heading) found.set(heading.textContent.trim().replace(/\s+/g, " "), section.innerHTML);
    }
    return found;
  }

  // Where the page says something else by now; empty: elsewhere.
  async function changedIn() {
    const answer = await fetch(asked, { credentials: "same-origin", redirect: "error" }).catch(() => null);
    if (!answer?.ok) return [];
    const now = partsOf(new DOMParser().parseFromString(await answer.text(), "text/html"));
    return [...now].filter(([name, said]) => parts.get(name) !== said).map(([name]) => name);
  }

  async function tellOfChanges() {
    over = true;
    const names = await changedIn();
    tell(names.length ? say.changedIn.replace("{names}", names.join(", ")) : say.changed, say.show, location.href);
  }

  // Never in step with others: many pages were opened at the same moment.
  function later(milliseconds) {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(look, milliseconds * (0.8 + Math.random() * 0.4));
  }

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
    // who comes back to it asks at once
    if (over || document.visibilityState !== "visible") return;
    try {
      const answer = await fetch(asked, { method: "HEAD", credentials: "same-origin", cache: "no-store", redirect: "manual" });
      if (answer.type === "opaqueredirect") tell(say.gone, say.signIn, location.href);
      else if (answer.ok && answer.headers.get("ETag")?.replaceAll(/W\/|"/g, "") !== made) await tellOfChanges();
      pause = answer.ok ? PAUSE : Math.min(pause * 2, LONGEST_PAUSE);
    } catch {
      // away for a moment: ask ever less often
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
    later(pause);
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
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    pause = PAUSE;
    later(RETURN);
  });
  later(pause);
})();
