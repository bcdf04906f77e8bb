"""The child process: sets one brief within limits and gives back its file.

It is started by tracker.exchange.brief.typesetting, which knows why; what it cannot do is seen from outside.
"""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from tracker.exchange.confinement import confine

MEMORY_BYTES = 2_000_000_000
PROCESSOR_SECONDS = 10


def main() -> None:
    request = json.loads(sys.stdin.buffer.read())
    confine(memory_bytes=MEMORY_BYTES, processor_seconds=PROCESSOR_SECONDS)
    made = datetime.fromisoformat(request["made"])
    pdf: bytes = typst.compile(Path(request["template"]).read_bytes(), format="pdf", timestamp=made, **world(request))
    sys.stdout.buffer.write(pdf)


def world(request: dict[str, Any]) -> dict[str, Any]:
    """All that typst may know: the folder of the template, its own typefaces and ours, what is said, no package."""
    folder = str(Path(request["template"]).parent)
    return {
        "root": folder,
        # those of the machine would set the same brief differently elsewhere
        "font_paths": typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=True, font_paths=[request["fonts"]]
        ),
        "sys_inputs": {"brief": request["brief"]},
        # there are none there, and none are fetched
        "package_path": folder,
        "package_cache_path": folder,
    }


if __name__ == "__main__":
    main()
