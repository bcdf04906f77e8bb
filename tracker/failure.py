"""What may be told of an error, in the log and in the database: neither values nor secrets."""

import base64
import traceback
from urllib.parse import unquote, urlsplit

from tracker.settings import Settings
from tracker.text import one_line

LONGEST = 500


def in_words(error: BaseException, settings: Settings, *, is_sentence: bool = False) -> str:
    """The kind of error and the first line of what it says.

    The lines after the first are where a database error shows the statement with its values: addresses, texts,
    one-time links. `is_sentence`: what it says was written for people, and says what kind it is.
    """
    first_line = (str(error).splitlines() or [""])[0]
    kind = type(error).__name__
    told = (first_line if is_sentence else f"{kind}: {first_line}") if first_line else kind
    for secret in _secrets(settings):
        told = told.replace(secret, "***")
    return one_line(told, LONGEST)


def way(error: BaseException) -> str:
    """Through which lines of the code it came; no values."""
    return "".join(traceback.format_tb(error.__traceback__))


def _secrets(settings: Settings) -> list[str]:
    in_url = urlsplit(settings.database_url).password or ""
    known = {settings.secret, in_url, unquote(in_url)}
    if settings.relay is not None:
        password = settings.relay.password or ""
        # As it is, and as it goes over the wire.
        known |= {password, base64.b64encode(password.encode()).decode()}
    # The longest first: one secret may be a part of another.
    return sorted(known - {""}, key=len, reverse=True)
