"""The web application, put together."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, url_for
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from tracker.settings import Settings
from tracker.storage.base import Database
from tracker.web import (
    boundary,
    charts,
    compression,
    errors,
    guards,
    headers,
    kept_pages,
    language,
    navigation,
    session,
    uploads,
    words,
)
from tracker.web.assistance import words as assistance_words
from tracker.web.clock import Clock, system_clock
from tracker.web.consistency import telling
from tracker.web.council_acts import words as council_words
from tracker.web.dashboard import words as dashboard_words
from tracker.web.database import close_reading
from tracker.web.digests import subscription_words as subscription_words
from tracker.web.doorstep import Doorstep
from tracker.web.fingerprints import fingerprint_of
from tracker.web.imports import words as import_words
from tracker.web.method import words as method_words
from tracker.web.notices import notices
from tracker.web.occasions import bringing
from tracker.web.occasions import words as occasion_words
from tracker.web.pages import leaving
from tracker.web.practice import words as practice_words
from tracker.web.regions import own_desk
from tracker.web.response_times import words as response_time_words
from tracker.web.responses import words as response_words
from tracker.web.sharing import words as sharing_words
from tracker.web.site_map import BLUEPRINTS
from tracker.web.situations import words as situation_words
from tracker.web.toolbox import words as toolbox_words

ROOT = Path(__file__).resolve().parents[2]
PRODUCT_VERSION = "0.1.0"
LARGEST_BODY_BYTES = 2 * 1024 * 1024


def create_app(
    settings: Settings, database: Database, *, clock: Clock = system_clock, translations: str | None = None
) -> Flask:
    app = Flask("tracker.web", template_folder=str(ROOT / "templates"))
    app.config.from_mapping(_flask_settings(settings))
    app.extensions.update(database=database, clock=clock, settings=settings)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    app.wsgi_app = Doorstep(app)  # type: ignore[method-assign]
    # what is registered first runs last: nothing is added to an answer once it is compressed
    compression.compress_answers(app)
    uploads.limit(app)
    boundary.guard(app)
    tokens = CSRFProtect(app)
    # a mail program sends it by itself, from nowhere
    tokens.exempt(leaving.leave)
    language.speak(app, translations)
    headers.add_headers(app)
    errors.explain_errors(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    guards.guard(app)
    kept_pages.keep_pages(app)
    app.teardown_appcontext(close_reading)
    app.url_defaults(_fingerprint_of_file(Path(app.static_folder or "")))
    app.context_processor(_every_page)
    words.teach(app)
    charts.teach(app)
    dashboard_words.teach(app)
    import_words.teach(app)
    situation_words.teach(app)
    assistance_words.teach(app)
    subscription_words.teach(app)
    method_words.teach(app)
    response_words.teach(app)
    occasion_words.teach(app)
    council_words.teach(app)
    bringing.teach(app)
    toolbox_words.teach(app)
    sharing_words.teach(app)
    practice_words.teach(app)
    response_time_words.teach(app)
    telling.teach(app)
    own_desk.teach(app)
    return app


def _flask_settings(settings: Settings) -> dict[str, Any]:
    address = urlsplit(settings.public_url)
    secure = address.scheme == "https"
    return {
        "SECRET_KEY": settings.secret,
        # __Host-: the browser takes it from this very host only, over TLS only
        "SESSION_COOKIE_NAME": "__Host-tracker" if secure else "tracker",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": LARGEST_BODY_BYTES,
        "MAX_FORM_MEMORY_SIZE": LARGEST_BODY_BYTES,
        "TRUSTED_HOSTS": _hosts(address.hostname or "", settings),
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the sign-in itself
        # it compares referrers, and ours are never sent
        "WTF_CSRF_SSL_STRICT": False,
        "PREFERRED_URL_SCHEME": address.scheme,
    }


def _hosts(host: str, settings: Settings) -> list[str]:
    """No other name is answered, so that no forged one gets into a link."""
    return [host] if settings.is_production else sorted({host, "localhost", "127.0.0.1", "[::1]"})


def _fingerprint_of_file(folder: Path) -> Callable[[str, dict[str, Any]], None]:
    def add(endpoint: str, values: dict[str, Any]) -> None:
        # every address on every page passes here
        if endpoint != "static":
            return
        file = folder / values.get("filename", "")
        if file.is_file():
            values["v"] = fingerprint_of(file)

    return add


def _every_page() -> dict[str, Any]:
    """What base.html needs, whatever the page."""
    found = session.known()
    asking = found.principal if found else None
    return {
        "language": language.language_of_pages(),
        "locale_direction": language.direction(),
        "principal": asking,
        "navigation": navigation.places(asking) if asking else [],
        "account": (
            {"name": asking.name, "url": url_for("account.account"), "sign_out_url": url_for("sign_in.sign_out")}
            if asking
            else None
        ),
        "notices": notices(asking),
        "product_version": PRODUCT_VERSION,
        "home_url": url_for("dashboard.start"),
        "place_of_mark": kept_pages.PLACE_OF_MARK if kept_pages.is_kept() else "",
    }
