"""How bundles are put into words: what is in one, what stays behind, and how it stands."""

from flask import Flask
from flask_babel import gettext as _

from tracker.bundle import BundleDirection, BundlePart, Unshared
from tracker.country import in_order
from tracker.exchange.bundles import fingerprint_of
from tracker.storage.sharing import Bundle
from tracker.web.digests.subscription_words import listed
from tracker.web.frame import frame
from tracker.web.words import country_name, reader_language


def teach(app: Flask) -> None:
    for word in (bundle_part_word, unshared_word, bundle_state_word, bundle_countries, fingerprint_of):
        app.jinja_env.filters[word.__name__] = word


def part_words() -> dict[str, str]:
    return {part.value: bundle_part_word(part) for part in BundlePart}


def bundle_part_word(part: BundlePart) -> str:
    words: dict[BundlePart, str] = {
        BundlePart.OBSERVATIONS: _("Observations"),
        BundlePart.FLAGS: _("Flags"),
        BundlePart.ASSESSMENTS: _("Assessments"),
    }
    return words[BundlePart(part)]


def unshared_word(why: Unshared) -> str:
    words: dict[Unshared, str] = {
        Unshared.ABOVE_CHOICE: _("bears a higher mark than you chose"),
        Unshared.NEVER_LEAVES: _("TLP:AMBER+STRICT or TLP:RED: never leaves"),
        Unshared.OF_A_PARTNER: _("TLP:AMBER of a partner: theirs alone to pass on"),
    }
    return words[why]


def bundle_state_word(bundle: Bundle) -> str:
    if bundle.direction is BundleDirection.SENT:
        return str(_("handed out"))
    if bundle.withdrawn_at is not None:
        return str(_("taken back"))
    return str(_("waits to be looked at")) if bundle.entered_at is None else str(_("taken in"))


def bundle_countries(bundle: Bundle) -> str:
    """The first of them, and how many more."""
    known = frame().countries
    named = in_order([known[iso3] for iso3 in bundle.summary["countries"]], reader_language())
    return listed([country_name(one) for one in named])
