"""Serves the style guide: every component of the pages with invented figures. It is no page of the product."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader

from tests.served import served
from tests.style_guide.samples import samples
from tracker.commands.checking import listen
from tracker.settings import Settings
from tracker.storage.base import Database
from tracker.web.app import create_app
from tracker.web.doorstep import front_of
from tracker.web.guards import ANYBODY, POLICY

HERE = Path(__file__).parent


def app_with_style_guide(settings: Settings, database: Database, language: str) -> Flask:
    app = create_app(settings, database)
    app.jinja_env.loader = ChoiceLoader([FileSystemLoader(HERE), FileSystemLoader(app.root_path + "/../../templates")])
    direction = "rtl" if language == "ar" else "ltr"

    @app.get("/style-guide", endpoint="style_guide")
    def show() -> str:
        scheme = request.args.get("scheme", "")
        return render_template(
            "style_guide.html", **samples() | {"scheme": scheme, "language": language, "locale_direction": direction}
        )

    return app


@contextmanager
def style_guide(settings: Settings, database: Database, *, language: str) -> Iterator[str]:
    """Its address, while it is served."""
    (listening,) = listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    app = app_with_style_guide(replace(settings, public_url=f"http://localhost:{port}"), database, language)
    POLICY["style_guide"] = ANYBODY
    try:
        with served(front_of(app), listening):
            yield f"http://localhost:{port}/style-guide"
    finally:
        del POLICY["style_guide"]
