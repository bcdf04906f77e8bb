// Narrows the rows of a table while a name is typed; the address keeps up, so that the view can be sent to a colleague.
// Without this file the form does the same when it is sent.
(() => {
  "use strict";
  const say = document.currentScript.dataset;
  const PAUSE = 250;
  const folded = new WeakMap();

  // Accents, capitals and apostrophes do not count.
  const fold = (text) => text.normalize("NFKD").replace(/[\p{M}'’`.\u0640]/gu, "").toLowerCase();

  function namesOf(row) {
    const names = [row.cells[0].textContent, ...(row.dataset.names || "").split("|")];
    if (!folded.has(row)) folded.set(row, names.map(fold));
    return folded.get(row);
  }

  function follow(table) {
    const input = document.getElementById(table.dataset.filter);
    if (!input) return;
    const told = document.querySelector(`output[for="${input.id}"]`) || status();
    // What the server has narrowed the rows to: less than that is not here.
    let served = fold(input.defaultValue);
    let waiting = 0;

    function narrow() {
      const words = fold(input.value).split(/\s+/).filter(Boolean);
      const rows = [...table.tBodies[0].rows];
      for (const row of rows) row.hidden = !namesOf(row).some((name) => words.every((word) => name.includes(word)));
      const shown = rows.filter((row) => !row.hidden).length;
      const sentence = shown || !rows.length ? say.shown : say.none;
      return sentence.replace("{shown}", shown).replace("{all}", rows.length);
    }

    function addressed(link) {
      const address = new URL(link, location.href);
      if (input.value.trim()) address.searchParams.set(input.name, input.value.trim());
      else address.searchParams.delete(input.name);
      return address;
    }

    // What was typed no longer says all that was asked for when the page came: the other rows are fetched.
    async function fetchRows() {
      const address = new URL(location.href);
      address.searchParams.delete(input.name);
      const answer = await fetch(address, { credentials: "same-origin", redirect: "error" }).catch(() => null);
      if (!answer?.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const rows = page.querySelector(`table[data-filter="${table.dataset.filter}"] tbody`)?.rows;
      if (!rows) return;
      table.tBodies[0].replaceChildren(...rows);
      served = "";
    }

    async function settle() {
      if (!fold(input.value).startsWith(served)) await fetchRows();
      told.textContent = narrow();
      history.replaceState(history.state, "", addressed(location.href));
      for (const link of document.querySelectorAll(`.sort[href], a[data-filtered="${input.id}"]`)) link.href = addressed(link.href);
      for (const link of document.querySelectorAll(`a[data-saves="${input.id}"]`)) {
        const to = new URL(link.href);
        const view = addressed(to.searchParams.get("address"));
        to.searchParams.set("address", view.pathname + view.search);
        link.href = to;
      }
    }

    input.addEventListener("input", () => {
      narrow();
      clearTimeout(waiting);
      waiting = setTimeout(settle, PAUSE);
    });
    // The browser may have kept what was typed before the page was left.
    if (input.value !== input.defaultValue) settle();
  }

  function status() {
    const heard = document.createElement("p");
    heard.className = "heard-only";
    heard.setAttribute("role", "status");
    document.body.append(heard);
    return heard;
  }

  for (const table of document.querySelectorAll("table[data-filter]")) follow(table);
})();
