// Walks along the points of charts: by the arrow keys, or where the pointer is, and tells day, value and interval.
// Without this file all of it stands in the table behind each chart.
(() => {
  "use strict";
  const say = document.currentScript.dataset;
  const SVG = "http://www.w3.org/2000/svg";
  // The pages write days as in Britain.
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const EPOCH = 719163; // the ordinal of 1 January 1970
  const NEAR = 5; // so many pixels from its day a flag is told
  const walked = ".chart[data-frame]";

  // ---- what a chart says of itself ----
  const known = new WeakMap();

  function chartOf(svg) {
    if (!known.has(svg)) known.set(svg, read(svg));
    return known.get(svg);
  }

  function read(svg) {
    // A narrow picture is walked with the points of its wide twin.
    const told = svg.dataset.points ? svg : svg.closest("figure")?.querySelector("[data-points]");
    if (!told) return null;
    const [left, right, low, high, first, last, lowest, highest] = svg.dataset.frame.split(" ").map(Number);
    const names = (told.dataset.names || "").split("|");
    const lines = told.dataset.points.split(";").map((points, number) => ({
      name: names[number] || "",
      points: points.split(",").filter(Boolean).map((point) => {
        const [place, value, from, to] = point.split(" ");
        return { place: Number(place), value: value === "-" ? null : Number(value), from, to };
      }),
    }));
    const marks = (told.dataset.marks || "").split("|").filter(Boolean).map((mark) => {
      const end = mark.indexOf(" ");
      return { place: Number(mark.slice(0, end)), words: mark.slice(end + 1) };
    });
    const span = last - first;
    const held = told.dataset.held === "yes";
    const places = [...lines.flatMap((line) => line.points), ...marks].map((one) => one.place);
    return {
      lines, marks, span, first, held,
      months: Number(told.dataset.time),
      // What holds until today can be asked for today.
      stops: [...new Set(held ? [...places, span] : places)].sort((one, other) => one - other),
      figures: figuresFor(highest - lowest),
      x: (place) => (span ? left + (place / span) * (right - left) : (left + right) / 2),
      place: (x) => Math.max(0, Math.min(span, span ? ((x - left) / (right - left)) * span : 0)),
      bottom: low,
      top: high,
      y: (value) => low + ((value - lowest) / (highest - lowest || 1)) * (high - low),
    };
  }

  function figuresFor(reach) {
    const digits = Math.min(12, Math.max(2, 1 - Math.floor(Math.log10(reach || 1))));
    const written = new Intl.NumberFormat(language, { maximumFractionDigits: digits });
    return (value) => written.format(value).replace("-", "\u2212");
  }

  function dayOf(chart, place) {
    const on = chart.first + place;
    if (chart.months === 0) {
      const looks = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
      return new Date((Math.round(on) - EPOCH) * 864e5).toLocaleDateString(language, looks);
    }
    // A period counts as its last month.
    const month = Math.round(on) * chart.months + chart.months - 1;
    if (chart.months >= 12) return String(Math.floor(month / 12));
    const looks = { month: "short", year: "numeric", timeZone: "UTC" };
    return new Date(Date.UTC(Math.floor(month / 12), month % 12)).toLocaleDateString(language, looks);
  }

  // ---- what stands at a place ----
  function found(chart, line, place) {
    if (!chart.held) return line.points.find((point) => point.place === place);
    return line.points.findLast((point) => point.place <= place);
  }

  // As it is heard; what is seen has less room.
  function toldOf(chart, line, point, heard) {
    if (point.value === null) return [line.name, say.unknown].filter(Boolean).join(": ");
    const value = [line.name, chart.figures(point.value)].filter(Boolean).join(" ");
    if (point.from === undefined) return value;
    const [low, high] = [chart.figures(point.from), chart.figures(point.to)];
    return heard ? `${value}, ${say.interval.replace("{low}", low).replace("{high}", high)}` : `${value} (${low}\u2013${high})`;
  }

  function standing(chart, place, near) {
    const points = chart.lines.map((line) => ({ line, point: found(chart, line, place) })).filter((one) => one.point);
    // In the order in which the lines stand there.
    points.sort((one, other) => other.point.value - one.point.value);
    const marks = chart.marks.filter((mark) => Math.abs(chart.x(mark.place) - chart.x(place)) <= near);
    const rows = (heard) => [
      dayOf(chart, place),
      ...points.map(({ line, point }) => toldOf(chart, line, point, heard)),
      ...marks.map((mark) => mark.words),
    ];
    return { points, seen: rows(false), heard: rows(true).join(". ") };
  }

  // ---- showing it ----
  const tip = document.createElement("div");
  tip.className = "chart-tip";
  // What is pointed at is seen; what is walked to is heard, too.
  tip.setAttribute("aria-hidden", "true");
  const heard = document.createElement("p");
  heard.className = "heard-only";
  heard.setAttribute("aria-live", "polite");
  document.body.append(heard);
  const cursor = drawn("g", { class: "chart-cursor" });
  // Of the chart that has the cursor: where it stands.
  let at = null;

  function drawn(name, attributes) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }

  function show(svg, place, near = 0) {
    const chart = chartOf(svg);
    const there = standing(chart, place, near);
    const x = chart.x(place);
    const dots = there.points.filter(({ point }) => point.value !== null);
    cursor.replaceChildren(
      drawn("line", { x1: x, x2: x, y1: chart.bottom, y2: chart.top }),
      ...dots.map(({ point }) => drawn("circle", { cx: x, cy: chart.y(point.value), r: 5 })),
    );
    svg.append(cursor);
    tip.replaceChildren(...there.seen.map((words, row) => {
      const one = document.createElement(row ? "span" : "b");
      one.textContent = words;
      return one;
    }));
    svg.parentElement.classList.add("chart-place");
    svg.parentElement.append(tip);
    stand(svg, chart, x);
    at = { svg, place };
    return there.heard;
  }

  // Beside the cursor, on the side that has more room.
  function stand(svg, chart, x) {
    const box = svg.getBoundingClientRect();
    const around = svg.parentElement.getBoundingClientRect();
    const scale = box.width / svg.viewBox.baseVal.width;
    const middle = box.left - around.left + x * scale;
    const beside = middle > around.width / 2 ? middle - tip.offsetWidth - 12 : middle + 12;
    tip.style.left = `${Math.max(0, Math.min(around.width - tip.offsetWidth, beside))}px`;
    tip.style.top = `${box.top - around.top + Math.min(chart.top, chart.bottom) * scale}px`;
  }

  function hide() {
    cursor.remove();
    tip.remove();
    at = null;
  }

  // ---- by pointer ----
  document.addEventListener("pointermove", (event) => {
    const svg = event.target.closest?.(walked);
    const chart = svg && chartOf(svg);
    if (!chart) {
      if (at && at.svg !== document.activeElement) hide();
      return;
    }
    const box = svg.getBoundingClientRect();
    const place = chart.place((event.clientX - box.left) / (box.width / svg.viewBox.baseVal.width));
    const [first, ...others] = chart.stops;
    const nearest = others.reduce((best, stop) => (Math.abs(stop - place) < Math.abs(best - place) ? stop : best), first);
    show(svg, chart.held ? Math.round(place) : nearest, NEAR);
  });

  // ---- by keyboard ----
  const WALKS = {
    ArrowRight: (index) => index + 1,
    ArrowLeft: (index) => index - 1,
    PageUp: (index) => index + 10,
    PageDown: (index) => index - 10,
    Home: () => 0,
    End: (index, last) => last,
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && at) {
      heard.textContent = "";
      return hide();
    }
    const svg = event.target.closest?.(walked);
    const walk = WALKS[event.key];
    const chart = svg && walk && !event.ctrlKey && !event.metaKey && !event.altKey && chartOf(svg);
    if (!chart) return;
    event.preventDefault();
    const last = chart.stops.length - 1;
    const passed = at?.svg === svg ? chart.stops.findLastIndex((stop) => stop <= at.place) : last + 1;
    heard.textContent = show(svg, chart.stops[Math.max(0, Math.min(last, walk(passed, last)))]);
  });

  document.addEventListener("focusin", (event) => {
    const svg = event.target.closest?.(walked);
    const chart = svg && chartOf(svg);
    if (chart && event.target.matches(":focus-visible")) show(svg, chart.stops[chart.stops.length - 1]);
  });

  document.addEventListener("focusout", (event) => {
    if (at && event.target === at.svg) hide();
  });

  for (const svg of document.querySelectorAll(walked)) {
    svg.setAttribute("tabindex", "0");
    // Whoever reads the page by ear hands the arrow keys on to what is an application.
    svg.setAttribute("role", "application");
    svg.setAttribute("aria-roledescription", say.role);
    svg.setAttribute("aria-keyshortcuts", "ArrowLeft ArrowRight Home End Escape");
  }
})();
