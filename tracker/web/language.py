"""Which language and which clock a reader is answered in."""

from flask import Flask
from flask_babel import Babel, get_locale

from tracker.web.session import known

DEFAULT_LANGUAGE = "en"


def speak(app: Flask, translations: str | None = None) -> None:
    """`translations` is a folder of compiled catalogues; the product's own stand beside the code."""
    if translations:
        app.config["BABEL_TRANSLATION_DIRECTORIES"] = translations
    Babel(app, locale_selector=language, timezone_selector=time_zone)


def language() -> str:
    found = known()
    return found.language if found else DEFAULT_LANGUAGE


def time_zone() -> str:
    found = known()
    return found.time_zone if found else "UTC"


def direction() -> str:
    locale = get_locale()
    return locale.text_direction if locale else "ltr"
