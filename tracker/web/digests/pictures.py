"""The pictures of a digest: where it is how bad, and how the scores went behind what is new or worse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.access import Principal
from tracker.flag import Change
from tracker.method import ROOT
from tracker.pictures.land import around_all, lands
from tracker.pictures.marks import FlagMark
from tracker.pictures.png import png_of
from tracker.pictures.score_line import ScoreLine
from tracker.pictures.score_series import score_chart
from tracker.pictures.score_words import score_alternative
from tracker.pictures.series import NARROW
from tracker.pictures.world_map import Shown
from tracker.pictures.world_picture import map_picture
from tracker.score import Level
from tracker.storage import scores
from tracker.storage.base import Session
from tracker.text import straight_line
from tracker.web.chart_titles import score_title
from tracker.web.countries.course import score_line
from tracker.web.digests.cases import Case
from tracker.web.digests.content import Digest
from tracker.web.digests.page import LONGEST_NAME, Picture
from tracker.web.frame import Frame
from tracker.web.score_charts import score_words
from tracker.web.words import country_name, level_word

MOST_COURSES = 5
SHOWN_BACK = timedelta(days=730)
MAP_WIDTH, COURSE_WIDTH, COURSE_HEIGHT = 480, NARROW, 190
# Drawn so much finer than it is shown: screens are.
_FINER = 2
# So many countries of one level are named on the map.
MOST_NAMED = 10


@dataclass(frozen=True)
class Courses:
    # By the worst flag of its case.
    pictures: Mapping[int, Picture] = field(default_factory=dict)

    def of(self, case: Case) -> Picture | None:
        return self.pictures.get(case.flags[0].flag.id)


def courses(session: Session, digest: Digest, reader: Principal, frame: Frame) -> Courses:
    """Of the first few countries in which something is new or worse."""
    chosen: dict[str, Case] = {}
    for case in digest.cases:
        if case.is_risen and case.standing is not None and case.standing.score is not None:
            chosen.setdefault(case.iso3, case)
    drawn = list(chosen.values())[:MOST_COURSES]
    return Courses(
        {
            case.flags[0].flag.id: _course(session, case, f"course-{number}", digest, reader, frame)
            for number, case in enumerate(drawn, start=1)
        }
    )


def levels_map(digest: Digest, frame: Frame) -> Picture | None:
    """None: none of its countries has a place on the map."""
    levels = _levels(digest)
    shown = [
        Shown(iso3, country_name(frame.countries[iso3]), level=None if level is None else int(level), is_thin=thin)
        for iso3, (level, thin) in levels.items()
        if iso3 in lands()
    ]
    if not shown:
        return None
    risen = {case.iso3 for case in digest.cases if case.is_risen}
    view = around_all([one.iso3 for one in shown], pixels=MAP_WIDTH)
    said = " ".join(_named(levels, frame))
    return Picture("map", said, map_picture(shown, label=said, view=view, highlighted=risen), MAP_WIDTH)


def level_counts(digest: Digest) -> dict[Level | None, int]:
    """How many countries stand at each level, the worst first; None: too little is known of them."""
    levels = [level for level, _thin in _levels(digest).values()]
    return {level: levels.count(level) for level in (*reversed(Level), None)}


def signs_on_map(digest: Digest) -> list[str]:
    """What they mean, as far as they are on it."""
    is_thin = any(thin and level is not None for level, thin in _levels(digest).values())
    is_risen = any(case.is_risen for case in digest.cases)
    told = [(is_thin, _("striped: on thin evidence")), (is_risen, _("outlined: new or worse"))]
    return [str(words) for is_there, words in told if is_there]


@lru_cache(maxsize=128)
def drawn(svg: str, width: int, *, crisp: bool) -> bytes:
    """The same picture goes to many."""
    return png_of(svg, width=width * _FINER, crisp=crisp)


def png(picture: Picture) -> bytes:
    return drawn(picture.svg, picture.width, crisp=picture.name == "map")


def _levels(digest: Digest) -> dict[str, tuple[Level | None, bool]]:
    found = {}
    for iso3 in digest.countries:
        one = digest.scores.standing(iso3, ROOT)
        found[iso3] = (None, False) if one is None else (one.level, one.is_thin)
    return found


def _named(levels: Mapping[str, tuple[Level | None, bool]], frame: Frame) -> list[str]:
    """By level, the worst first: the names of the worst, and of the others how many there are."""
    said = []
    for level in (*reversed(Level), None):
        names = sorted(country_name(frame.countries[iso3]) for iso3, (its, _thin) in levels.items() if its is level)
        if not names:
            continue
        word = str(_("not enough evidence")) if level is None else level_word(level)
        is_told = level in (Level.HIGH, Level.CRITICAL) or len(levels) <= MOST_NAMED
        told = ", ".join(names[:MOST_NAMED]) if is_told else ""
        left = len(names) - (MOST_NAMED if told else 0)
        if not told:
            told = ngettext("%(num)s country", "%(num)s countries", len(names))
        elif left > 0:
            told = str(ngettext("%(names)s and %(num)s more", "%(names)s and %(num)s more", left, names=told))
        said.append(str(_("%(level)s: %(names)s.", level=word[:1].upper() + word[1:], names=told)))
    return said


def _course(session: Session, case: Case, name: str, digest: Digest, reader: Principal, frame: Frame) -> Picture:
    assert digest.scores.method is not None, "something was scored"
    number, tree = digest.scores.method[0], digest.scores.method[1].tree
    until = digest.span.today
    first = until - SHOWN_BACK
    steps = scores.seen_curve(session, number, tree, case.iso3, reader.clearance, since=first)
    node = "" if case.node == ROOT else digest.names.subject(case.node)
    line = score_line(tree, steps, case.node).within(first, until)
    title = f"{country_name(frame.countries[case.iso3])}. {score_title(line, until, node)}"
    marks = [mark for mark in _marks(case, digest) if first <= mark.on <= until]
    svg = score_chart(
        [line],
        identifier=name,
        title=title,
        until=until,
        first=first,
        marks=marks,
        words=score_words(),
        width=COURSE_WIDTH,
        height=COURSE_HEIGHT,
    )
    said = score_alternative([ScoreLine(node or str(_("Risk")), line.points)], marks, until, score_words())
    return Picture(name, f"{title}. {said}", svg, COURSE_WIDTH)


def _marks(case: Case, digest: Digest) -> Sequence[FlagMark]:
    """What happened to its worst flag, which speaks of this score; each thing once."""
    flag = case.flags[0].flag
    rule = straight_line(digest.names.rules.get(flag.rule_key, flag.rule_key), LONGEST_NAME)
    happened = {(event.day, event.kind): event.severity for event in flag.events}
    return [FlagMark(day, severity, rule, ended=kind is Change.CLEARED) for (day, kind), severity in happened.items()]
