/* Single keys lead to the places of the rail and along the list of a page. What a key leads to stands in the page, so
   that there is none for what somebody may not enter; whoever needs single keys for something else switches ours off. */
(() => {
  const OFF = "keys-are-off";
  const MILLISECONDS_AFTER_G = 1500;
  const TYPED_INTO = "input, select, textarea, [contenteditable], dialog";
  const ROWS = "main [data-rows] > *, main table.is-sticky > tbody > tr";
  let waitsUntil = 0;

  /* A browser may keep nothing for us: then keys are on, and stay so. */
  const remembered = (act) => {
    try {
      return act(localStorage);
    } catch {
      return null;
    }
  };
  const isOff = () => remembered((kept) => kept.getItem(OFF)) !== null;

  /* Without single keys the line in the rail promises none. */
  const tell = () => {
    const line = document.querySelector("[data-keys-page]");
    if (!line) return;
    line.dataset.without ??= line.textContent;
    line.textContent = isOff() ? line.dataset.without : line.dataset.pressed;
  };

  const linkOf = (key) => document.querySelector(`.places a[data-key="${CSS.escape(key)}"]`);
  const field = () => document.querySelector("main [data-search]");

  const links = () =>
    [...document.querySelectorAll(ROWS)]
      .map((row) => row.querySelector("a[href]"))
      .filter((link) => link && link.getClientRects().length);

  const walk = (step) => {
    const found = links();
    const row = document.activeElement.closest(ROWS);
    const at = found.findIndex((link) => row && row.contains(link));
    const to = found[at < 0 ? 0 : at + step];
    if (to) to.focus();
  };

  const wire = (sheet) => {
    const box = sheet.querySelector("[data-keys-on]");
    box.closest("[hidden]").hidden = false;
    box.checked = !isOff();
    box.addEventListener("change", () => {
      remembered((kept) => (box.checked ? kept.removeItem(OFF) : kept.setItem(OFF, "yes")));
      tell();
    });
  };

  /* The sheet is a page; here it lies upon the one that is being read. */
  const help = async () => {
    const { href } = document.querySelector("[data-keys-page]");
    const answer = await fetch(href);
    const sheet = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-keys-sheet]");
    if (!sheet) return location.assign(href);
    const dialog = document.createElement("dialog");
    dialog.className = "keys-dialog";
    dialog.setAttribute("aria-labelledby", "keys-heading");
    dialog.append(document.adoptNode(sheet));
    dialog.querySelector(".keys-head").hidden = false;
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    wire(sheet);
    dialog.showModal();
  };

  const ACTS = {
    g: () => (waitsUntil = Date.now() + MILLISECONDS_AFTER_G),
    j: () => walk(1),
    k: () => walk(-1),
    "/": () => (field() ? field().focus() : linkOf("/")?.click()),
    "?": () => document.querySelector("[data-keys-page], [data-keys-sheet]")?.matches("a") && help(),
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    const here = event.target;
    if (event.key === "Escape" && (here === field() || here.closest?.(ROWS))) return here.blur();
    if (isOff() || here.closest?.(TYPED_INTO)) return;
    const place = Date.now() < waitsUntil && event.key !== "/" && linkOf(event.key);
    waitsUntil = 0;
    if (!place && !(event.key in ACTS)) return;
    event.preventDefault();
    if (place) place.click();
    else ACTS[event.key]();
  });

  document.querySelectorAll("main [data-keys-sheet]").forEach(wire);
  tell();
})();
