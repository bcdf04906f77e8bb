"""Where an occasion is: in one country, among the members of a group, or in the whole world."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Protocol

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.web.digests.subscription_words import listed
from tracker.web.frame import frame
from tracker.web.words import country_name, day


class Placed(Protocol):
    @property
    def iso3(self) -> str | None: ...

    @property
    def group_key(self) -> str | None: ...


def teach(app: Flask) -> None:
    app.jinja_env.filters["place_word"] = place_word
    app.jinja_env.filters["recurrence_words"] = recurrence_words
    app.jinja_env.filters["left_out_words"] = left_out_words


def place_word(one: Placed) -> str:
    if one.iso3 is not None:
        return country_name(frame().countries[one.iso3])
    if one.group_key is not None:
        return country_name(next(group for group in frame().groups if group.key == one.group_key))
    return str(_("The whole world"))


def concerned_by(one: Placed) -> Collection[str]:
    """The countries, whoever reaches them."""
    if one.iso3 is not None:
        return (one.iso3,)
    return frame().countries if one.group_key is None else frame().members_of(one.group_key)


def page_of(occasion_id: int, iso3: str | None) -> str:
    """Where more is told of it: among the days of its country, or on a page of its own."""
    if iso3 is not None:
        return url_for("occasions.occasions", iso3=iso3)
    return url_for("calendar.occasion", occasion_id=occasion_id)


def left_out_words(days: Sequence[date]) -> str:
    """Empty: none is left out."""
    return str(_("but not on %(days)s", days=listed([day(one) for one in days]))) if days else ""


def recurrence_words(every_months: int | None) -> str:
    """Empty: it comes once."""
    if every_months is None:
        return ""
    if every_months % 12:
        return str(ngettext("every month", "every %(num)s months", every_months))
    return str(ngettext("every year", "every %(num)s years", every_months // 12))
