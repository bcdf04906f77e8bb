"""The figures of a brief: what changed, what the risk is made of, and which answers weigh most."""

from collections.abc import Iterator
from dataclasses import replace

from flask_babel import format_decimal
from flask_babel import gettext as _

from tracker.exchange.brief.content import Bar, Row, Section
from tracker.web.briefs.desk import Desk
from tracker.web.briefs.sections import bars, rows, words
from tracker.web.codings.evidence_words import value_told
from tracker.web.countries.evidence import Measure
from tracker.web.countries.page import CountryPage
from tracker.web.countries.scores import CountryScores, Line, Node
from tracker.web.words import day, figure, level_word, period, points, signed

# So many of those that gave most are named in a sentence.
TOLD = 3


def why(desk: Desk) -> list[Section]:
    """In sentences: what gives most, since when it stands at its level, what carried the year, the gravest flag."""
    page = desk.page
    whole = page.scores.whole.line if page.scores else None
    if page.scores is None or whole is None or whole.value is None or whole.level is None:
        return []
    level = level_word(whole.level)
    told = [*_most_of(page, whole.value), *_since(page.scores, level), *_of_the_year(page.scores)]
    gravest = max(page.attention.flags, key=lambda flag: flag.one.severity, default=None)
    told += [gravest.told.sentence] if gravest and gravest.told.sentence else []
    heading = _("Why it is at the level “%(level)s”", level=level)
    found = words(str(heading), " ".join(told), rest=str(_("The rest stands on the country’s page.")))
    return [replace(found, least=min(TOLD, len(found.items)))]


def _most_of(page: CountryPage, value: float) -> Iterator[str]:
    given = sorted((line for line in _criteria(page) if line.of_risk), key=lambda line: -(line.of_risk or 0.0))
    names = ", ".join(f"{line.name} ({_tenths(line.of_risk or 0.0)})" for line in given[:TOLD])
    if names:
        yield str(_("Of its %(risk)s points most come from: %(names)s.", risk=points(value), names=names))


def _since(scores: CountryScores, level: str) -> Iterator[str]:
    if change := scores.level_change:
        told = {"day": day(change.on), "level": level, "before": level_word(change.before)}
        yield str(_("It is “%(level)s” since %(day)s, and was “%(before)s” before.", **told))


def _of_the_year(scores: CountryScores) -> Iterator[str]:
    whole = scores.whole.line
    names = ", ".join(f"{one.name} ({signed(one.by, 1)})" for one in scores.carried_the_year[:TOLD])
    otherwise = ", ".join(one.name for one in scores.known_otherwise)
    if otherwise:
        yield str(
            _("A year ago other criteria were known, so that this is not like with like: %(names)s.", names=otherwise)
        )
    elif names and whole.value is not None and whole.year_ago is not None:
        told = {"before": points(whole.year_ago), "now": points(whole.value), "names": names}
        if whole.value > whole.year_ago:
            yield str(_("Within a year it rose from %(before)s to %(now)s, most of it through: %(names)s.", **told))
        else:
            yield str(_("Within a year it fell from %(before)s to %(now)s, most of it through: %(names)s.", **told))


def changed_last(page: CountryPage) -> Section:
    heading = str(_("What changed it last"))
    change = page.scores.last_change if page.scores else None
    if change is None:
        return rows(heading, [], note=_unchanged(page))
    risk = Row(
        _("Risk"),
        _went(change.before, change.now),
        _("from %(day)s on", day=day(change.on)),
        is_strong=True,
    )
    criteria = [Row(one.name, signed(one.by, 1)) for one in change.criteria]
    return rows(heading, [risk, *criteria], note=_("What each criterion gave more or less of the risk’s points."))


def behind_it(page: CountryPage) -> list[Section]:
    """None: nothing that can be shown."""
    change = page.scores.last_change if page.scores else None
    if change is None or not change.indicators:
        return []
    moved = [Row(one.name, _went(one.before, one.now)) for one in change.indicators]
    return [rows(_("The indicators behind it"), moved, note=_("In points of severity: 100 is worst."))]


def moved_in_a_year(page: CountryPage) -> Section:
    moved = [_moved(measure) for measure in page.evidence.moved if measure.before]
    none = _("Nothing that is fresh moved by more than its errors explain.")
    return rows(_("What moved within a year"), moved, note="" if moved else none)


def made_of(page: CountryPage) -> Section:
    """Each criterion, what gives most first."""
    lines = _criteria(page)
    given = sorted((line for line in lines if line.of_risk), key=lambda line: -(line.of_risk or 0.0))
    note = _("Filled: what it gives, in points; outline: the most that its weight allows.") if given else ""
    silent = [line.name for line in lines if line.value is None]
    if silent:
        note = f"{note} {_('Not enough evidence: %(names)s.', names=', '.join(silent))}".strip()
    if not given:
        missing = ", ".join(page.missing)
        too_little = _("There is no score as long as too little is known of: %(names)s.", names=missing)
        note = too_little if missing else _("Nothing is scored.")
    return bars(_("What the risk is made of"), [_bar(line) for line in given], note=str(note))


def _criteria(page: CountryPage) -> list[Line]:
    return [node.line for limb in page.scores.whole.parts for node in limb.parts] if page.scores else []


def weighs_most(page: CountryPage) -> Section:
    """Of what counts now, by what it gives to the risk."""
    lines = [line for line in _leaves(page) if line.of_risk and line.key in page.evidence.measures]
    heaviest = sorted(lines, key=lambda line: -(line.of_risk or 0.0))
    items = [_heavy(line, page.evidence.measures[line.key]) for line in heaviest]
    return rows(_("What weighs most"), items, note="" if items else _("Nothing fresh counts towards a score."))


def _leaves(page: CountryPage) -> Iterator[Line]:
    nodes: list[Node] = list(page.scores.whole.parts) if page.scores else []
    while nodes:
        node = nodes.pop()
        nodes.extend(node.parts)
        if not node.parts:
            yield node.line


def _heavy(line: Line, measure: Measure) -> Row:
    told = _("%(value)s: %(level)s", value=_value(measure, measure.newest.value), level=level_word(measure.level))
    gives = _("gives %(points)s points", points=_tenths(line.of_risk or 0.0))
    return Row(line.name, str(told), f"{gives} · {_said(measure)}")


def _moved(measure: Measure) -> Row:
    assert measure.before is not None, "it is asked where there is one"
    told = " → ".join(_value(measure, one.value) for one in (measure.before, measure.newest))
    return Row(measure.indicator.name, told, f"{level_word(measure.level)} · {_said(measure)}")


def _value(measure: Measure, value: float) -> str:
    return value_told(measure.indicator, value).words if measure.indicator.levels else figure(value)


def _said(measure: Measure) -> str:
    """Of when it is, how far it may travel, and in what it is measured."""
    answer, indicator = measure.newest_answer, measure.indicator
    parts = [period(answer.observed_on, indicator.cadence), answer.handling.label]
    return " · ".join(parts if indicator.levels else [*parts, indicator.unit])


def _bar(line: Line) -> Bar:
    given, most = line.of_risk or 0.0, line.most_of_risk or 0.0
    level = 0 if line.level is None else int(line.level)
    own = "" if line.level is None or line.value is None else f"{level_word(line.level)} {points(line.value)}"
    return Bar(line.name, _tenths(given), given, max(given, most), level, own)


def _tenths(given: float) -> str:
    return str(format_decimal(round(given, 1), format="#,##0.0"))


def _went(before: float | None, now: float | None) -> str:
    return " → ".join(_("not known") if value is None else points(value) for value in (before, now))


def _unchanged(page: CountryPage) -> str:
    if page.scores is None:
        if page.first_recorded is not None:
            return str(
                _(
                    "Nothing was known then. The first of it was recorded on %(day)s.",
                    day=day(page.first_recorded.date()),
                )
            )
        return str(_("Nothing that you may see is recorded. That is no sign of safety: perhaps nobody has looked."))
    if page.scores.whole.line.value is None:
        return str(_("There is not enough evidence for a score."))
    return str(_("The risk, as it is shown, is what it was a year ago, or no score of that time is known."))
