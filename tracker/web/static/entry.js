// The entry grid: saves each cell as it is typed, moves as in a spreadsheet, takes pasted blocks.
// Without this file everything still works by the buttons of the page.
(() => {
  "use strict";
  const form = document.getElementById("entry");
  if (!form) return;
  const status = document.getElementById("entry-status");
  const drafted = document.getElementById("drafted");
  const undo = document.getElementById("undo-paste");
  const say = form.dataset;
  const FIELDS = ["value", "source", "grade", "handling", "named", "note", "evidence", "reason", "confirmed", "seen"];
  const COLUMNS = ["value", "source", "grade", "handling", "named"];
  const PAUSE = 600;
  const LONGEST_PAUSE = 15000;

  const rows = [...form.querySelectorAll("tbody[data-indicator]")];
  const idOf = (row) => row.dataset.indicator;
  const fieldOf = (row, name) => row.querySelector(`[name="${name}-${idOf(row)}"]`);
  const rowOf = (element) => element.closest("tbody[data-indicator]");
  const columnOf = (element) => (element.name || "").split("-")[0];

  // ---- saving: one request at a time for each row; what changes meanwhile goes with the next ----
  const waiting = new Map();
  const saving = new Set();
  // By row, what keeps it from being saved until its writer decides.
  const stuck = new Map();
  // Why nothing is saved at the moment, and which rows wait for its end.
  let stopped = "";
  const held = new Set();
  let tries = 0;
  let notes = "";

  function contentOf(row) {
    const content = { indicator: idOf(row), period: say.period };
    for (const name of FIELDS) {
      const field = fieldOf(row, name);
      content[name] = field.type === "checkbox" ? (field.checked ? "yes" : "") : field.value;
    }
    return content;
  }

  function later(row, pause = PAUSE) {
    clearTimeout(waiting.get(row));
    waiting.set(row, setTimeout(() => save(row), pause));
    mark(row, say.saving);
    tell();
  }

  function mark(row, word) {
    const place = row.querySelector(".saved");
    const seen = fieldOf(row, "seen");
    place.replaceChildren(document.createTextNode(word), seen);
  }

  function tell() {
    const left = waiting.size + saving.size;
    status.classList.toggle("is-late", Boolean(stopped) || tries > 0 || stuck.size > 0);
    status.textContent = stopped || ([...stuck.values()][0] || (tries > 0 ? say.waiting : left ? say.saving : `${say.allSaved} ${notes}`.trim()));
  }

  async function save(row) {
    waiting.delete(row);
    if (stopped && !(await isBack())) {
      held.add(row);
      return tell();
    }
    if (saving.has(row)) return later(row);
    saving.add(row);
    try {
      await send(row);
    } finally {
      saving.delete(row);
      tell();
    }
  }

  async function send(row) {
    const sent = contentOf(row);
    let answer;
    try {
      answer = await fetch(say.cell, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrf_token.value },
        body: JSON.stringify(sent),
        credentials: "same-origin",
        redirect: "manual",
        keepalive: true,
      });
    } catch {
      return again(row);
    }
    if (answer.type === "opaqueredirect") return signedOut(row);
    if (answer.status >= 500 || answer.status === 429) return again(row);
    if (answer.status === 400) return unclear(row);
    if (answer.status === 409 && isJson(answer)) return showBoth(row, await answer.json());
    if (!answer.ok || !isJson(answer)) return refused(row);
    const told = await answer.json();
    tries = 0;
    stuck.delete(row);
    fieldOf(row, "seen").value = told.seen;
    if (!waiting.has(row)) mark(row, told.troubles.length ? say.kept : say.saved);
    count(row);
    showTroubles(row, told.troubles);
    row.classList.toggle("lacks-source", told.lacks_source);
    fieldOf(row, "source").placeholder = told.lacks_source ? say.missing : say.source;
  }

  function count(row) {
    const isOpen = (one) => !fieldOf(one, "value").value.trim();
    const section = row.closest("section");
    drafted.textContent = rows.filter((one) => !isOpen(one)).length;
    form.querySelector(`[data-open="${section.id}"]`).textContent = rows.filter((one) => section.contains(one) && isOpen(one)).length;
  }

  const isJson = (answer) => (answer.headers.get("Content-Type") || "").startsWith("application/json");

  function again(row) {
    tries += 1;
    later(row, Math.min(PAUSE * 2 ** tries, LONGEST_PAUSE));
  }

  // The token may be old, or the page wrong: the page itself, asked for again, tells which.
  async function unclear(row) {
    const found = await look();
    if (found === "out") return signedOut(row);
    return found === "renewed" ? later(row, 0) : refused(row);
  }

  function refused(row, why = say.refused) {
    stuck.set(row, why);
    mark(row, "!");
  }

  function signedOut(row) {
    stopped = say.signedOut;
    held.add(row);
    mark(row, "!");
    tell();
  }

  // Whoever was signed out may have signed in again in another window: then what was held is saved.
  async function isBack() {
    if (stopped !== say.signedOut || (await look()) === "out") return false;
    stopped = stopped === say.signedOut ? "" : stopped;
    for (const row of held) later(row, 0);
    held.clear();
    return !stopped;
  }

  async function lookAround() {
    if (stopped) await isBack();
    tell();
  }

  // Asks who is signed in now, and takes over the token that the page would have: "out", "same" or "renewed".
  async function look() {
    const answer = await fetch(location.href, { credentials: "same-origin", redirect: "manual" }).catch(() => null);
    if (!answer || !answer.ok) return "out";
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("entry");
    if (!page) return "out";
    if (page.dataset.writer !== say.writer) {
      stopped = say.somebodyElse;
      return "same";
    }
    const token = page.querySelector("[name=csrf_token]").value;
    if (token === form.elements.csrf_token.value) return "same";
    form.elements.csrf_token.value = token;
    return "renewed";
  }

  // ---- what is said at a cell ----
  function showTroubles(row, troubles) {
    const place = row.querySelector(".cell-troubles");
    const pasted = [...place.querySelectorAll("[data-pasted]")];
    place.replaceChildren(...troubles.map((text) => element("p", "error-words", text)), ...pasted);
    row.classList.toggle("has-trouble", troubles.length > 0);
    if (troubles.length) row.querySelector(".more-unusual").open = true;
    const value = fieldOf(row, "value");
    value.toggleAttribute("aria-invalid", troubles.length > 0);
    if (troubles.length) {
      value.setAttribute("aria-invalid", "true");
      value.setAttribute("aria-describedby", `told-${idOf(row)}`);
    }
    const told = row.querySelector(".cell-told");
    told.hidden = !troubles.length && !told.querySelector(".returned-why, .two, [data-pasted]");
  }

  function showBoth(row, told) {
    const place = row.querySelector(".cell-told td");
    for (const old of place.querySelectorAll(".two")) old.remove();
    const two = element("div", "two");
    const list = element("dl", "");
    list.append(side(say.yours, contentOf(row)));
    for (const other of told.found) list.append(side(other.who, other));
    const keep = element("button", "button is-quiet", say.keep);
    const leave = element("button", "button is-quiet", say.yield);
    keep.type = leave.type = "button";
    keep.addEventListener("click", () => {
      fieldOf(row, "seen").value = told.fresh;
      two.remove();
      stuck.delete(row);
      later(row, 0);
    });
    leave.addEventListener("click", () => submitWith(`theirs:${idOf(row)}`, { [`fresh-${idOf(row)}`]: told.fresh }));
    const buttons = element("div", "button-row");
    buttons.append(keep, leave);
    two.append(element("p", "error-words", say.two), list, buttons);
    place.append(two);
    row.querySelector(".cell-told").hidden = false;
    refused(row, say.two);
  }

  function side(who, one) {
    const box = element("div", "");
    const words = element("dd", "");
    words.append(element("b", "", one.value || say.nothing), ` ${one.source || ""} ${one.note || ""}`);
    box.append(element("dt", "", who), words);
    return box;
  }

  function submitWith(act, more) {
    for (const timer of waiting.values()) clearTimeout(timer);
    for (const old of form.querySelectorAll("[data-added]")) old.remove();
    for (const [name, value] of Object.entries({ do: act, ...more })) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      field.dataset.added = "";
      form.append(field);
    }
    leaving = true;
    form.submit();
  }

  function element(kind, looks, text = "") {
    const made = document.createElement(kind);
    if (looks) made.className = looks;
    made.textContent = text;
    return made;
  }

  // ---- typing ----
  function showLevel(row) {
    const typed = fieldOf(row, "value").value.trim();
    for (const level of row.querySelectorAll("[data-level]")) {
      level.classList.toggle("is-chosen", level.dataset.level === typed);
    }
  }

  form.addEventListener("input", (event) => {
    const row = rowOf(event.target);
    if (!row) return;
    forgetPasted();
    showLevel(row);
    later(row);
  });
  form.addEventListener("focusout", (event) => {
    const row = event.target.closest && rowOf(event.target);
    if (row && waiting.has(row) && !row.contains(event.relatedTarget)) later(row, 0);
  });
  // Whoever gets to a cell, by a click or a link, and types means to replace what is in it, as in a spreadsheet; a second
  // click sets the cursor.
  let entered = null;
  function enter(field) {
    entered = field;
    if (field.matches(".is-cell")) field.select();
  }
  form.addEventListener("focusin", (event) => enter(event.target));
  if (form.contains(document.activeElement)) enter(document.activeElement);
  form.addEventListener("click", (event) => {
    if (event.target === entered && event.target.matches(".is-cell")) event.target.select();
    entered = null;
    const level = event.target.closest("[data-level]");
    if (!level) return;
    const row = rowOf(level);
    forgetPasted();
    fieldOf(row, "value").value = level.dataset.level;
    fieldOf(row, "value").focus();
    showLevel(row);
    later(row, 0);
  });

  // ---- moving ----
  function go(row, column, by) {
    const next = rows[rows.indexOf(row) + by];
    if (!next) return;
    const field = fieldOf(next, column) || fieldOf(next, "value");
    field.focus();
    if (field.select) field.select();
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && (event.key === "Enter" || event.key === "s")) {
      event.preventDefault();
      submitWith(event.key === "s" ? "save" : "submit", {});
    } else if (event.key === "Enter" && event.target.closest(".for-many") && event.target.tagName === "INPUT") {
      event.preventDefault();
      submitWith("apply", {});
    }
  });

  form.addEventListener("keydown", (event) => {
    const field = event.target;
    const row = rowOf(field);
    const column = columnOf(field);
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && pasted.length) {
      event.preventDefault();
      return takeBackPasted();
    }
    if (!row || event.ctrlKey || event.altKey || event.metaKey) return;
    const isText = field.tagName === "INPUT";
    if (!COLUMNS.includes(column)) {
      // Beside the grid the Enter key ends a cell as well, and does not send the whole page.
      if (event.key === "Enter" && isText) {
        event.preventDefault();
        go(row, "value", 1);
      }
      return;
    }
    if (event.key === "Enter") {
      event.preventDefault();
      go(row, column, event.shiftKey ? -1 : 1);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && isText && !(column === "source" && field.value)) {
      event.preventDefault();
      go(row, column, event.key === "ArrowDown" ? 1 : -1);
    } else if (isText && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      const forward = event.key === "ArrowRight";
      const atEnd = field.selectionStart === field.selectionEnd && field.selectionEnd === (forward ? field.value.length : 0);
      const all = field.selectionStart === 0 && field.selectionEnd === field.value.length;
      const next = COLUMNS[COLUMNS.indexOf(column) + (forward ? 1 : -1)];
      if (next && (atEnd || all)) {
        event.preventDefault();
        fieldOf(row, next).focus();
      }
    }
  });

  // ---- pasting a block: rows down, columns across; what is submitted or accepted is stepped over ----
  form.addEventListener("paste", (event) => {
    const field = event.target;
    const row = rowOf(field);
    const first = COLUMNS.indexOf(columnOf(field));
    const text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    if (!row || first < 0 || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const questions = [...form.querySelectorAll("tbody.cell")];
    const lines = cellsOf(text);
    forgetPasted();
    let left = 0;
    lines.forEach((cells, down) => {
      const target = questions[questions.indexOf(row) + down];
      if (!target || !target.dataset.indicator) {
        left += cells.some((cell) => cell) ? 1 : 0;
        return;
      }
      const unread = cells.filter((cell, across) => !put(target, COLUMNS[first + across], cell));
      showLevel(target);
      later(target, 50 * down);
      if (unread.length) tellUnread(target, unread);
    });
    undo.hidden = false;
    if (left) {
      notes = say.left.replace("%", left);
      tell();
    }
  });

  // ---- taking a pasted block back, as long as nothing was typed since ----
  // Each field that it changed, with what was in it before.
  let pasted = [];
  undo.addEventListener("click", takeBackPasted);

  function takeBackPasted() {
    const changed = new Set(pasted.map(([field]) => rowOf(field)));
    for (const [field, before] of pasted) field.value = before;
    forgetPasted();
    for (const row of changed) {
      for (const old of row.querySelectorAll("[data-pasted]")) old.remove();
      showLevel(row);
      later(row, 0);
    }
  }

  function forgetPasted() {
    pasted = [];
    undo.hidden = true;
  }

  // As a spreadsheet writes them: a cell with a tab, a line break or a quotation mark in it stands in quotation marks.
  function cellsOf(text) {
    const lines = [[""]];
    let quoted = false;
    const letters = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    for (let place = 0; place < letters.length; place += 1) {
      const letter = letters[place];
      const line = lines[lines.length - 1];
      const begins = line[line.length - 1] === "";
      if (quoted && letter === '"' && letters[place + 1] === '"') {
        line[line.length - 1] += '"';
        place += 1;
      } else if (letter === '"' && (quoted || begins)) quoted = !quoted;
      else if (letter === "\t" && !quoted) line.push("");
      else if (letter === "\n" && !quoted) lines.push([""]);
      else line[line.length - 1] += letter;
    }
    return lines.map((line) => line.map((cell) => cell.trim()));
  }

  // False: the cell says something that its column does not know.
  function put(row, column, text) {
    const field = column && fieldOf(row, column);
    if (!field) return !text;
    pasted.push([field, field.value]);
    if (field.tagName !== "SELECT") {
      field.value = text.replace(/\s*\n\s*/g, " ");
      return true;
    }
    if (!text) return true;
    const wanted = text.toLowerCase().replace(/^tlp:\s*/, "");
    const known = { "not for attribution": "no", "not named": "no", false: "no", named: "yes", true: "yes" };
    const option = [...field.options].find((one) =>
      [one.value, one.text.toLowerCase()].includes(column === "named" ? known[wanted] || wanted : wanted),
    );
    if (option) field.value = option.value;
    return Boolean(option);
  }

  function tellUnread(row, cells) {
    const place = row.querySelector(".cell-troubles");
    const words = element("p", "error-words", `${say.unread} ${cells.join(", ")}`);
    words.dataset.pasted = "";
    place.append(words);
    row.querySelector(".cell-told").hidden = false;
  }

  // ---- leaving ----
  let leaving = false;
  form.addEventListener("submit", () => {
    leaving = true;
    for (const timer of waiting.values()) clearTimeout(timer);
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && (waiting.size || saving.size || stuck.size || held.size)) event.preventDefault();
  });
  addEventListener("pagehide", () => {
    if (!leaving) for (const row of waiting.keys()) save(row);
  });
  addEventListener("focus", lookAround);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") for (const row of [...waiting.keys()]) later(row, 0);
  });
})();
