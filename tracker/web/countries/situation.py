"""What needs somebody in one country: open situations with their flags, other flags, and the days to come."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tracker.access import Principal
from tracker.flag import Change
from tracker.method import ROOT
from tracker.moment import Moment
from tracker.pictures.marks import FlagMark
from tracker.situation import SituationState, Verdict, is_overdue
from tracker.storage import council_acts, country_attention, occasions
from tracker.storage.base import Session
from tracker.storage.conclusions import Occasion, Situation
from tracker.storage.country_attention import FlagStood, SituationStood
from tracker.storage.flags import SeenFlag
from tracker.storage.occasions import Occurrence
from tracker.storage.responding import Response
from tracker.web.council_acts.words import ActTold, acts_told
from tracker.web.flag_words import FlagNames, FlagTold, Points, flag_told, names_for_flags
from tracker.web.frame import Frame
from tracker.web.situations.timeline import Teller, Told

AHEAD = timedelta(days=365)
BACK = timedelta(days=365)
# So much of a timeline tells how things stand; its own page has all of it.
NEWEST = 3


@dataclass(frozen=True)
class OpenFlag:
    one: SeenFlag
    title: str
    told: FlagTold
    verdict: Verdict | None
    # Where on the page its evidence stands; empty: nowhere.
    place: str


@dataclass(frozen=True)
class OpenSituation:
    situation: Situation
    state: SituationState
    due_on: date | None
    is_overdue: bool
    # Empty: nobody is in charge.
    owner: str
    # The most severe first.
    flags: Sequence[OpenFlag]
    # Of its timeline, the newest first.
    newest: Sequence[Told]
    # What is being done about it today, by the day on which the next step is due.
    measures: Sequence[Response]


@dataclass(frozen=True)
class Attention:
    situations: Sequence[OpenSituation]
    # Open, and in no situation that is open: worth knowing.
    other_flags: Sequence[OpenFlag]
    # What happened to flags, in time; each with what it is about.
    marks: Sequence[tuple[str, FlagMark]]
    # The nearest first; of what comes again the next day alone.
    coming: Sequence[Occurrence]
    # What councils did within a year, the latest first.
    council_acts: Sequence[ActTold] = ()
    # The situations as they stood, with all that may be read of their timelines; the newest first.
    stood: Sequence[SituationStood] = ()

    @property
    def flags(self) -> list[OpenFlag]:
        return [*(flag for one in self.situations for flag in one.flags), *self.other_flags]


def attention(
    session: Session, iso3: str, reader: Principal, moment: Moment, *, frame: Frame, since: date, points: Points
) -> Attention:
    """`since`: how far back ended flags are marked. `points`: what nodes and indicators stand at."""
    known, clearance = moment.done_by, reader.clearance
    ended_since = datetime.combine(since, time(), UTC)
    flags = country_attention.flags_of(session, iso3, clearance, ended_since=ended_since, day=moment.day, known=known)
    stood = country_attention.situations_of(session, iso3, clearance, known=known, is_now=moment.is_now)
    days = occasions.ever(session, [iso3], clearance)
    names = names_for_flags(frame.every_criterion, frame.every_indicator, days, frame.rule_names)
    titles = {one.one.flag.id: names.title(one.one) for one in flags}
    told = {one.one.flag.id: _open_flag(one, titles, names, points) for one in flags if one.is_open}
    found = [_open_situation(one, told, flags, stood.people, names, moment.day) for one in stood.open]
    placed = {flag.one.flag.id for one in found for flag in one.flags}
    return Attention(
        found,
        _worst_first([flag for number, flag in told.items() if number not in placed]),
        [pair for one in flags for pair in _marks(one, titles[one.one.flag.id])],
        occasions.nearest((one for one in days if _was_entered(one, moment)), moment.day, moment.day + AHEAD),
        acts_told(
            council_acts.known_then(session, [iso3], clearance, moment.day - BACK, moment.day, known=known),
            {one.id: one.name for one in days},
        ),
        stood.open,
    )


def _open_flag(one: FlagStood, titles: Mapping[int, str], names: FlagNames, points: Points) -> OpenFlag:
    said = one.one.said
    # what lies behind it stands on the same page, with its way there
    explanation = {**said.explanation, "behind": ()}
    return OpenFlag(
        one.one,
        titles[one.one.flag.id],
        flag_told(explanation, names, on=said.day, today=points),
        one.verdict,
        names.places.get(one.one.flag.subject, ""),
    )


def _open_situation(
    one: SituationStood,
    told: Mapping[int, OpenFlag],
    flags: Sequence[FlagStood],
    people: Mapping[int, str],
    names: FlagNames,
    day: date,
) -> OpenSituation:
    """At a past moment a flag may have been in another situation than today; it stands where it is now."""
    mine = [flag.one for flag in flags if flag.one.flag.situation_id == one.situation.id]
    teller = Teller(people, mine, names)
    return OpenSituation(
        situation=one.situation,
        state=one.state,
        due_on=one.due_on,
        is_overdue=is_overdue(one.due_on, day),
        owner=teller.person(one.owner_id),
        flags=_worst_first([told[flag.flag.id] for flag in mine if flag.flag.id in told]),
        newest=teller.timeline(one.events, NEWEST),
        measures=one.measures,
    )


def _worst_first(flags: Sequence[OpenFlag]) -> list[OpenFlag]:
    """Of those as severe each rule once before any of them again, what is said of the risk as a whole first: the few
    that are read at once shall not say the same thrice."""
    worst = sorted(flags, key=_urgency)
    said, ranked = Counter[tuple[int, str]](), list[tuple[tuple[int, int, bool], OpenFlag]]()
    for flag in worst:
        rule = str(flag.one.flag.id) if flag.one.is_manual else flag.one.flag.rule_key
        of_rule = int(flag.one.severity), rule
        ranked.append(((-of_rule[0], said[of_rule], flag.one.flag.subject != ROOT), flag))
        said[of_rule] += 1
    return [flag for _rank, flag in sorted(ranked, key=lambda pair: pair[0])]


def _urgency(one: OpenFlag) -> tuple[int, bool, float, int]:
    """As `worst_flags` has it."""
    flag = one.one.flag
    return -one.one.severity, flag.subject != ROOT, -flag.opened_at.timestamp(), flag.id


def _marks(one: FlagStood, title: str) -> list[tuple[str, FlagMark]]:
    """What happened to it, each thing once: views of several marks may say the same on one day."""
    happened = {(event.day, event.kind): event.severity for event in one.one.events}
    return [
        (one.one.flag.subject, FlagMark(day, severity, title, ended=kind is Change.CLEARED))
        for (day, kind), severity in happened.items()
    ]


def _was_entered(one: Occasion, moment: Moment) -> bool:
    """What was called off since a past day was to come then; of some it is not kept when that was done."""
    if moment.is_now:
        return not one.removed
    return one.entered_at <= moment.known_at and (one.removed_at is None or one.removed_at > moment.known_at)
