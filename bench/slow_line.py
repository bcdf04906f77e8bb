"""The dashboard on a third-generation telephone line: when can it be read, when is the map there, does anything move?

    python -m bench.slow_line [rounds, 5 unless told]

A phone's screen of 375 by 812 opens the dashboard of bench/installation.py through Chromium's emulation of a line with
400 ms there and back and 400 kbit/s: in each round once in a browser that has never been here, and once again, when it
has kept the files. Medians of:

- something to read: the browser's first contentful paint, which waits for the page and its stylesheet;
- the map: the file of its shapes has come; its place is kept free until then;
- shift: the sum of the browser's layout shifts; 0 is that nothing moved under the reader's eyes;
- bytes: all that came over the line, with headers.

No standard says what is usable: the limits are ours.
"""

import os
import statistics
import sys
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, sync_playwright

from bench.installation import Installation, in_use, installation
from bench.serving import free_port, serving
from tracker.commands.chromium import MISSING, chromium_path

LINE = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
NEVER_HERE, HERE_BEFORE = "never been here", "been here before"
# Seconds until there is something to read, and until the map is there.
LIMITS = {NEVER_HERE: (3.0, 6.0), HERE_BEFORE: (3.0, 3.0)}
MOST_SHIFT = 0.0
SHAPES = "world.svg"
WATCH_FOR_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((seen) => seen.getEntries().forEach((one) => { window.shifted += one.value; }))
  .observe({ type: "layout-shift", buffered: true });
"""
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


@dataclass(frozen=True)
class Visit:
    """In seconds from the click on."""

    read: float
    map_there: float
    shift: float
    bytes: float


def main(rounds: int) -> None:
    chromium = chromium_path(os.environ)
    if chromium is None:
        sys.exit(MISSING)
    visits: dict[str, list[Visit]] = {NEVER_HERE: [], HERE_BEFORE: []}
    with installation(in_use) as one, sync_playwright() as playwright:
        port = free_port()
        with serving([sys.executable, "manage.py", "serve", "--port", str(port)], port, one.environment()):
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            for _round in range(rounds):
                with phone(browser, one, port) as context:
                    for name in visits:
                        visits[name].append(opened(context, f"http://localhost:{port}/"))
            browser.close()
    for name, those in visits.items():
        told(name, those)


def phone(browser: Browser, one: Installation, port: int) -> BrowserContext:
    context = browser.new_context(viewport={"width": 375, "height": 812}, device_scale_factor=2, is_mobile=True)
    name, _is, value = one.cookie(one.app()).partition("=")
    context.add_cookies([{"name": name, "value": value, "url": f"http://localhost:{port}"}])
    context.add_init_script(WATCH_FOR_SHIFTS)
    return context


def opened(context: BrowserContext, address: str) -> Visit:
    page = context.new_page()
    line = context.new_cdp_session(page)
    traffic = Traffic(line)
    line.send("Network.emulateNetworkConditions", LINE)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(500)  # what moves late moves, too
    visit = Visit(
        read=page.evaluate(FIRST_PAINT) / 1000,
        map_there=traffic.seconds_until(SHAPES),
        shift=page.evaluate("window.shifted"),
        bytes=traffic.bytes,
    )
    page.close()
    return visit


class Traffic:
    """What came over the line, as the browser's own tools tell of it."""

    def __init__(self, line: CDPSession) -> None:
        self.bytes = 0.0
        self._begun: float | None = None
        self._addresses: dict[str, str] = {}
        self._ended: dict[str, float] = {}
        line.on("Network.requestWillBeSent", self._asked)
        line.on("Network.loadingFinished", self._came)
        line.send("Network.enable")

    def seconds_until(self, file: str) -> float:
        assert self._begun is not None, "something was asked for"
        ends = [self._ended[key] for key, address in self._addresses.items() if file in address]
        return max(ends) - self._begun

    def _asked(self, told: dict[str, Any]) -> None:
        self._begun = self._begun or told["timestamp"]
        self._addresses[told["requestId"]] = told["request"]["url"]

    def _came(self, told: dict[str, Any]) -> None:
        self.bytes += told["encodedDataLength"]
        self._ended[told["requestId"]] = told["timestamp"]


def told(name: str, visits: list[Visit]) -> None:
    read, map_there, shift, amount = (
        statistics.median(getattr(visit, what) for visit in visits) for what in ("read", "map_there", "shift", "bytes")
    )
    until_read, until_map = LIMITS[name]
    print(f"{name}, {len(visits)} rounds:")
    print(f"  something to read after {read:.1f} s (at most {until_read:.0f} s)")
    print(f"  the map after {map_there:.1f} s (at most {until_map:.0f} s)")
    print(f"  shift {shift:.3f} (at most {MOST_SHIFT:.0f}); {amount:,.0f} bytes")


if __name__ == "__main__":
    main(*[int(word) for word in sys.argv[1:]] or [5])
