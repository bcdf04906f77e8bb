"""Which language and which clock a reader is answered in."""

import re
from typing import Any

from babel import Locale
from babel.support import NullTranslations
from flask import Flask, current_app
from flask_babel import Babel, Domain, get_locale

from tracker.web.session import known

DEFAULT_LANGUAGE = "en"
FIRST_STRONG_ISOLATE, END_OF_IT = "\u2068", "\u2069"
_DAY_FROM_THE_RIGHT = re.compile(r"\d{1,2} [\u0621-\u064a]+(?: \d{4})?")


def speak(app: Flask, translations: str | None = None) -> None:
    """`translations` is a folder of compiled catalogues; the product's own stand beside the code."""
    if translations:
        app.config["BABEL_TRANSLATION_DIRECTORIES"] = translations
    babel = Babel(app, locale_selector=language, timezone_selector=time_zone)
    words = babel.domain_instance = _Words()
    ours: Any = app.jinja_env
    ours.install_gettext_callables(words.one, words.one_or_many, newstyle=True)
    ours.globals["_"] = ours.globals["gettext"]  # else each word of a template asks the page for this first
    with app.app_context():
        app.extensions["translated"] = {DEFAULT_LANGUAGE, *(str(found) for found in babel.list_translations())}


class _Words(Domain):  # type: ignore[misc]
    """Finds the translations of a language by itself: Flask-Babel puts its name together for each word of a page."""

    def __init__(self) -> None:
        super().__init__()
        self._of: dict[Locale | None, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        if locale not in self._of:
            self._of[locale] = super().get_translations()
        return self._of[locale]

    def one(self, text: str) -> str:
        """As templates ask for it: they fill in its values by themselves."""
        return self.get_translations().ugettext(text)

    def one_or_many(self, one: str, many: str, number: int) -> str:
        return self.get_translations().ungettext(one, many, number)


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


def days_apart(text: str) -> str:
    """Days as Arabic writes them keep together in the midst of English: else their numbers would change places."""
    return text if direction() == "rtl" else _DAY_FROM_THE_RIGHT.sub(f"{FIRST_STRONG_ISOLATE}\\g<0>{END_OF_IT}", text)


def time_zone() -> str:
    found = known()
    return found.time_zone if found else "UTC"
