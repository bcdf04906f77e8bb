"""Of all that somebody may see, what is a digest about: whose it is, and which countries, flags and situations."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from tracker.access import Principal
from tracker.method import ROOT
from tracker.situation import is_overdue, order_of
from tracker.storage.conclusions import Occasion
from tracker.storage.news import StandingFlag
from tracker.storage.situations import Queued
from tracker.subscription import Interest, countries_of
from tracker.web.digests.flags import criteria_of_subjects
from tracker.web.digests.scores import ScoreNews
from tracker.web.frame import Frame

# Days to come are told from so far ahead, or from a whole period ahead where that is longer.
LEAST_AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Recipient:
    """Who is told, and of what they want to hear."""

    reader: Principal
    # The countries that they call their own.
    own: frozenset[str]
    interest: Interest


@dataclass(frozen=True)
class Span:
    since: datetime
    until: datetime
    # For how long after it the next one comes.
    period: timedelta = timedelta(days=1)
    # By whose clocks they count days.
    zone: tzinfo = UTC
    # When it was looked last whether anything was new to them. None: `since`, as it was, and they were told.
    looked_at: datetime | None = None

    @property
    def today(self) -> date:
        """By which a step is overdue: the same for everybody, wherever they are."""
        return self.until.date()

    @property
    def here(self) -> date:
        """Which day it is for the reader."""
        return self.until.astimezone(self.zone).date()

    @property
    def ahead(self) -> date:
        """Up to which day what is coming is told."""
        return self.here + max(self.period, LEAST_AHEAD)


class Reach:
    """`flags` and `found`: all that the reader may see."""

    def __init__(self, to: Recipient, frame: Frame, flags: Sequence[StandingFlag], found: Sequence[Queued]) -> None:
        self.reader, self._interest = to.reader, to.interest
        # None: whatever there is.
        self.covered = covered_by(to, frame)
        self._criteria = criteria_of_subjects(frame)
        self._members = {group.key: frame.members_of(group.key) for group in frame.groups}
        self.known = {one.situation.id: one.situation for one in found}
        self.open_flags = [flag for flag in flags if flag.severity and self.is_told(flag, flag.severity)]
        self._worst: dict[int | None, int] = defaultdict(int)
        for flag in self.open_flags:
            self._worst[flag.situation_id] = max(self._worst[flag.situation_id], flag.severity)
        with_flags = {flag.situation_id for flag in flags if flag.severity}
        self.situations = [one for one in found if self._is_told_of(one, with_flags)]

    def is_here(self, iso3: str) -> bool:
        return self.covered is None or iso3 in self.covered

    def is_concerned(self, one: Occasion) -> bool:
        """A day of a group concerns each of its members, and one of the world everybody."""
        if one.group_key is not None:
            return any(self.is_here(iso3) for iso3 in self._members.get(one.group_key, ()))
        return one.iso3 is None or self.is_here(one.iso3)

    def is_told(self, flag: StandingFlag, severity: int) -> bool:
        """`severity`: the highest that it has or had meanwhile."""
        criterion, wanted = self._criteria.get(flag.subject), self._interest.criteria
        is_about = not wanted or criterion is None or criterion in wanted
        return is_about and severity >= self._interest.least_severity and self.is_here(flag.iso3)

    def late(self, today: date, scores: ScoreNews) -> list[Queued]:
        """Those whose next step is overdue, the most urgent first, as everywhere."""

        def urgency(one: Queued) -> tuple[int, int, date, float]:
            found, severity = one.situation, self._worst.get(one.situation.id, 0)
            return order_of(found.due_on, today, severity=severity, score=scores.risk(found.iso3))

        return sorted((one for one in self.situations if is_overdue(one.situation.due_on, today)), key=urgency)

    def node_of(self, flag: StandingFlag, scores: ScoreNews) -> str:
        """Of which score is told beside it: what it speaks of, or the criterion of that, or else the whole."""
        nodes = (flag.subject, self._criteria.get(flag.subject, ROOT))
        return next((node for node in nodes if scores.has_node(node)), ROOT)

    def nodes(self, scores: ScoreNews) -> list[str]:
        """Of which changes are told: the whole and every criterion, or the criteria that they want to hear of."""
        wanted, criteria = self._interest.criteria, scores.criteria
        return [key for key in criteria if key in wanted] if wanted else [ROOT, *criteria]

    def by_severity(self) -> Mapping[int, int]:
        """How many situations are open, by the worst open flag of each; 0: none is open."""
        return Counter(self._worst[one.situation.id] for one in self.situations)

    def countries(self, frame: Frame) -> list[str]:
        """Without those that nobody watches and nobody named."""
        there = [iso3 for iso3 in frame.countries if self.is_here(iso3)]
        return [iso3 for iso3 in there if not self._interest.is_everywhere() or frame.countries[iso3].watched]

    def _is_told_of(self, one: Queued, with_flags: Collection[int | None]) -> bool:
        """One whose flags are all of no interest is of none either; one's own always is."""
        number, is_own = one.situation.id, one.situation.owner_id == self.reader.person_id
        return self.is_here(one.situation.iso3) and (is_own or number in self._worst or number not in with_flags)


def covered_by(to: Recipient, frame: Frame) -> frozenset[str] | None:
    """None: whatever there is. A group that is no more has no members."""
    there = {group.key for group in frame.groups}
    members = {iso3 for key in to.interest.groups & there for iso3 in frame.members_of(key)}
    return countries_of(to.interest, to.own, members, to.reader.scope)
