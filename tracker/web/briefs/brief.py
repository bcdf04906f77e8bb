"""A country's brief: what its page shows, on two sheets of paper for somebody who has five minutes."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

from flask import current_app
from flask_babel import gettext as _

from tracker.access import Principal
from tracker.exchange.brief.content import Brief, Drawn, Fact, Series
from tracker.handling import Mark
from tracker.moment import Moment
from tracker.pictures.land import around, lands
from tracker.pictures.png import self_contained
from tracker.pictures.world_map import Shown
from tracker.pictures.world_picture import map_picture
from tracker.storage import briefs
from tracker.storage.base import Session
from tracker.storage.watching import Country
from tracker.web import language
from tracker.web.briefs.desk import Desk, coming, flags_open, foremost, known, next_steps, other_situations, sources
from tracker.web.briefs.marking import Bearer, bearers, highest, reason
from tracker.web.briefs.reasons import behind_it, changed_last, made_of, moved_in_a_year, weighs_most, why
from tracker.web.countries.page import CountryPage, country_page
from tracker.web.countries.scores import CountryScores, Line
from tracker.web.flag_words import names_for_flags
from tracker.web.frame import Frame
from tracker.web.windows import Window, ends_of
from tracker.web.words import country_name, day, level_word, percent, period, points, signed
from tracker.web.words import moment as moment_word

# In pixels; on paper it is as wide as a third of the page.
_MAP_PIXELS = 240


def country_brief(
    session: Session,
    country: Country,
    reader: Principal,
    moment: Moment,
    window: Window,
    frame: Frame,
    *,
    held_to: Mark | None,
    now: datetime,
) -> Brief:
    """`reader`: cleared up to `held_to`, the mark that was asked for. None: up to all that they may see."""
    page = country_page(session, country, reader, moment, window, frame)
    desk = _desk(session, page, frame)
    course, borne = page.course, _bearers(session, desk, reader)
    moved = [*behind_it(page), moved_in_a_year(page)]
    # where no situation is told, there is room for it on the first page
    calm, busy = ([], moved) if desk.stood else (moved, [])
    return Brief(
        language=language.language_of_pages(),
        is_right_to_left=language.direction() == "rtl",
        mark=highest(borne),
        mark_reason=reason(borne, held_to),
        kind=_("Country brief · Early-warning indicator tracker"),
        country=country_name(country),
        belongs=" · ".join(country_name(group) for group in (*page.divisions[-1:], *page.organisations)),
        moment=_("As of %(day)s", day=day(moment.day)),
        notice=_notice(page),
        map=_map(page),
        score=_score(page),
        level=_level(page),
        facts=_facts(page),
        series=Series(course.title, self_contained(course.picture.wide), course.title, _about_series())
        if course
        else None,
        first=(
            [*why(desk), *foremost(desk), changed_last(page), *calm],
            [made_of(page), weighs_most(page)],
        ),
        second=(
            [*other_situations(desk), flags_open(desk), *busy],
            [next_steps(desk), coming(desk), known(page), sources(desk)],
        ),
        footer=_footer(page, reader, now),
        pages=(_("Page 1 of 2"), _("Page 2 of 2")),
    )


def _desk(session: Session, page: CountryPage, frame: Frame) -> Desk:
    stood = page.attention.stood
    owners = [one.owner_id for one in stood if one.owner_id is not None]
    roles = briefs.roles_of(session, owners) if owners else {}
    days = [one.occasion for one in page.attention.coming]
    names = names_for_flags(frame.every_criterion, frame.every_indicator, days, frame.rule_names)
    return Desk(page, stood, roles, names)


def _bearers(session: Session, desk: Desk, reader: Principal) -> list[Bearer]:
    page = desk.page
    ended_since = datetime.combine(ends_of(page.window, page.moment.day)[0], time(), UTC)
    scores, flags = briefs.highest_marks(
        session, page.country.iso3, reader.clearance, ended_since=ended_since, known=page.moment.known_at
    )
    return bearers(desk, scores=scores, flags=flags)


def _notice(page: CountryPage) -> str:
    moment, scores = page.moment, page.scores
    if moment.is_now and scores is not None and scores.day < moment.day:
        return str(_("The scores are those of %(day)s.", day=day(scores.day)))
    if moment.is_now:
        return ""
    told = {"day": day(moment.day), "known": day(moment.known_on)}
    if moment.is_hindsight:
        return str(_("This is what held on %(day)s, as it is known from what was recorded up to %(known)s.", **told))
    return str(_("This is what held on %(day)s, as it was known on that day.", **told))


def _whole(page: CountryPage) -> Line | None:
    """None: there is not enough evidence."""
    whole = page.scores.whole.line if page.scores else None
    return whole if whole and whole.value is not None else None


def _score(page: CountryPage) -> str:
    whole = _whole(page)
    return points(whole.value) if whole and whole.value is not None else ""


def _level(page: CountryPage) -> Drawn:
    whole = _whole(page)
    if whole is None or whole.level is None:
        return Drawn(_disc(None, thin=False), _("not enough evidence"))
    return Drawn(_disc(int(whole.level), thin=whole.thin), level_word(whole.level))


def _disc(level: int | None, *, thin: bool) -> str:
    """The shape that stands beside the word on every page."""
    component = current_app.jinja_env.get_template("components/disc.html").module
    drawn: str = str(component.disc(level, large=True, thin=thin))  # type: ignore[attr-defined]
    return self_contained(drawn)


def _map(page: CountryPage) -> Drawn | None:
    iso3, name = page.country.iso3, country_name(page.country)
    if iso3 not in lands():
        return None
    whole = _whole(page)
    level = None if whole is None or whole.level is None else int(whole.level)
    shown = [Shown(iso3, name, level=level, is_thin=whole is not None and whole.thin)]
    label = str(_("Where %(country)s lies", country=name))
    place = around(iso3, pixels=_MAP_PIXELS)
    return Drawn(map_picture(shown, label=label, view=place, highlighted=[iso3]), label)


def _facts(page: CountryPage) -> Sequence[Fact]:
    whole, scores = _whole(page), page.scores
    if whole is None or scores is None:
        return [Fact(percent(whole_coverage(page)), _("of what is asked is fresh"))]
    facts = []
    if whole.low is not None and whole.high is not None:
        between = _("%(low)s to %(high)s", low=points(whole.low), high=points(whole.high))
        facts.append(Fact(between, _("90 % interval; 100 is worst")))
    if page.place is not None:
        facts.append(Fact(_("Place %(place)s of %(of)s", place=page.place.place, of=page.place.of), _place_words(page)))
    if newest := page.nothing_newer_than:
        when = period(newest.newest.observed_on, newest.indicator.cadence)
        facts.append(Fact(_("Nothing newer"), _("than of %(when)s: nobody can tell what has changed", when=when)))
    elif scores.change is not None:
        is_worse = scores.is_clear_change and scores.change > 0
        facts.append(Fact(signed(scores.change, 1), _change_words(scores), is_worse=is_worse))
    thin = _("of what is asked is fresh: thin") if whole.thin else _("of what is asked is fresh")
    return [*facts, Fact(percent(whole.coverage or 0.0), thin)]


def _change_words(scores: CountryScores) -> str:
    if scores.known_otherwise:
        return str(_("in a year, with other criteria known: not like with like"))
    return str(
        _("in a year, more than the interval") if scores.is_clear_change else _("in a year, within the interval")
    )


def whole_coverage(page: CountryPage) -> float:
    return (page.scores.whole.line.coverage or 0.0) if page.scores else 0.0


def _place_words(page: CountryPage) -> str:
    assert page.place is not None, "it is asked where there is one"
    if page.place.highest is None or page.place.lowest is None:
        return str(_("1 being the worst"))
    return str(_("between %(first)s and %(last)s, 1 being the worst", first=page.place.highest, last=page.place.lowest))


def _about_series() -> str:
    return str(_("Each step is a day on which the score became another; shaded: 90 % interval; marks: flags."))


def _footer(page: CountryPage, reader: Principal, now: datetime) -> str:
    made = _("Made %(moment)s for %(name)s", moment=moment_word(now), name=reader.name)
    version = _("method version %(number)s", number=page.scores.version) if page.scores else ""
    return " · ".join(part for part in (made, version) if part)
