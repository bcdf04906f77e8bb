"""Which language and which clock a reader is answered in."""

from babel import Locale
from flask import Flask, current_app
from flask_babel import Babel

from tracker.web.session import known

DEFAULT_LANGUAGE = "en"


def speak(app: Flask, translations: str | None = None) -> None:
    """`translations` is a folder of compiled catalogues; the product's own stand beside the code."""
    if translations:
        app.config["BABEL_TRANSLATION_DIRECTORIES"] = translations
    babel = Babel(app, locale_selector=language, timezone_selector=time_zone)
    with app.app_context():
        app.extensions["translated"] = {DEFAULT_LANGUAGE, *(str(found) for found in babel.list_translations())}


def language() -> str:
    """What the reader chose: names, numbers and days are written so, and the pages as far as they are translated."""
    found = known()
    return found.language if found else DEFAULT_LANGUAGE


def language_of_pages() -> str:
    """English, until the reader's language has a translation: English words must not be called Arabic."""
    wanted = language()
    return wanted if wanted in current_app.extensions["translated"] else DEFAULT_LANGUAGE


def direction() -> str:
    return Locale.parse(language_of_pages()).text_direction


def time_zone() -> str:
    found = known()
    return found.time_zone if found else "UTC"
