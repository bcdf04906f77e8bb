// Walks over a map by arrow keys, and says beside the pointer, the focus or the finger which country it is on.
//
// Everything is asked of the document when it happens, so that a map may come, go or be replaced at any time.
(() => {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const FINGER_PIXELS = 24;
  const FROM_POINTER_PIXELS = 14;
  const STEPS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  let byFinger = false;

  function linkAt(target) {
    return target instanceof Element ? target.closest(".map a[data-at]") : null;
  }

  function linksOf(map) {
    return [...map.querySelectorAll("a[data-at]")];
  }

  function place(link) {
    return link.dataset.at.split(" ").map(Number);
  }

  // ---- Where is it? ----

  function onScreen(link) {
    const [x, y] = place(link);
    return new DOMPoint(x, y).matrixTransform(link.ownerSVGElement.getScreenCTM());
  }

  function nearestTo(map, x, y) {
    const away = (link) => Math.hypot(onScreen(link).x - x, onScreen(link).y - y);
    const near = linksOf(map).map((link) => [away(link), link]).sort((one, other) => one[0] - other[0])[0];
    return near && near[0] <= FINGER_PIXELS ? near[1] : null;
  }

  // Straight ahead is near; aside counts double, so that an arrow goes where it points.
  function next(links, from, [right, down]) {
    const [x, y] = place(from);
    let best = null;
    let least = Infinity;
    for (const link of links) {
      const [dx, dy] = [place(link)[0] - x, place(link)[1] - y];
      const ahead = dx * right + dy * down;
      const cost = ahead + 2 * Math.abs(dx * down - dy * right);
      if (ahead > 0 && cost < least) {
        best = link;
        least = cost;
      }
    }
    return best;
  }

  function farthest(links, sign) {
    return links.reduce((one, other) => (sign * (place(other)[0] - place(one)[0]) > 0 ? other : one));
  }

  // ---- What is shown of it? ----

  function mark(link) {
    const picture = link.ownerSVGElement;
    picture.querySelector(".map-marker")?.remove();
    const marker = document.createElementNS(SVG, "g");
    marker.classList.add("map-marker");
    for (const sign of link.querySelectorAll("use, path")) {
      const copy = marker.appendChild(sign.cloneNode());
      if (copy.localName === "use") copy.setAttribute("class", "map-highlight");
      else if (copy.classList.contains("map-dot-edge")) copy.setAttribute("class", "map-highlight-dot");
    }
    picture.append(marker);
  }

  function tell(link, point, withLink) {
    const map = link.closest(".map");
    // The name stands in aria-label as well: the browser's own bubble would only be a second one.
    link.querySelector("title")?.remove();
    mark(link);
    const tip = map.querySelector(".map-tip") || map.appendChild(document.createElement("div"));
    tip.className = "map-tip";
    const words = document.createElement(withLink ? "a" : "span");
    if (withLink) words.href = link.getAttribute("href");
    words.textContent = link.getAttribute("aria-label");
    tip.replaceChildren(words);
    const frame = map.getBoundingClientRect();
    const [width, height] = [tip.offsetWidth, tip.offsetHeight];
    const above = point.y - frame.y - height - FROM_POINTER_PIXELS;
    const x = within(point.x - frame.x - width / 2, frame.width - width);
    const y = within(above < 0 ? point.y - frame.y + FROM_POINTER_PIXELS : above, frame.height - height);
    tip.style.translate = `${x}px ${y}px`;
  }

  // The place of a country may lie outside the part of the map that is shown.
  function within(wished, most) {
    return Math.max(0, Math.min(wished, most));
  }

  function hush(map) {
    map.querySelector(".map-tip")?.remove();
    map.querySelector(".map-marker")?.remove();
  }

  function hushAll() {
    document.querySelectorAll(".map").forEach(hush);
  }

  // ---- Keys: the map is one stop for Tab, within it arrows lead on ----

  document.addEventListener("focusin", (event) => {
    const link = linkAt(event.target);
    if (!link) return;
    for (const other of linksOf(link.closest(".map"))) other.tabIndex = other === link ? 0 : -1;
    if (!byFinger) tell(link, onScreen(link), false);
  });

  document.addEventListener("focusout", (event) => {
    const link = linkAt(event.target);
    if (link && !byFinger) hush(link.closest(".map"));
  });

  document.addEventListener("keydown", (event) => {
    byFinger = false;
    const link = linkAt(event.target);
    if (event.key === "Escape") hushAll();
    if (!link || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const links = linksOf(link.closest(".map"));
    const step = STEPS[event.key];
    const to = step ? next(links, link, step) : { Home: () => farthest(links, -1), End: () => farthest(links, 1) }[event.key]?.();
    if (step || to) event.preventDefault();
    to?.focus();
  });

  // ---- A pointer that hovers ----

  document.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    const link = linkAt(event.target);
    if (link) tell(link, { x: event.clientX, y: event.clientY }, false);
  });

  document.addEventListener("pointerout", (event) => {
    const link = linkAt(event.target);
    if (!link || event.pointerType === "touch" || linkAt(event.relatedTarget) === link) return;
    const map = link.closest(".map");
    const focused = linkAt(document.activeElement);
    if (focused && map.contains(focused) && focused.matches(":focus-visible")) tell(focused, onScreen(focused), false);
    else hush(map);
  });

  // ---- A finger: the first tap asks what it is, and the answer is a link; a dot need not be hit exactly ----

  document.addEventListener("pointerdown", (event) => {
    byFinger = event.pointerType === "touch";
  });

  document.addEventListener("click", (event) => {
    if (!byFinger || !(event.target instanceof Element) || event.target.closest(".map-tip")) return;
    const map = event.target.closest(".map");
    const link = linkAt(event.target) || (map && nearestTo(map, event.clientX, event.clientY));
    hushAll();
    if (!link) return;
    event.preventDefault();
    tell(link, { x: event.clientX, y: event.clientY }, true);
  });
})();
