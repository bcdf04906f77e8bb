"""Somebody who gets digests, and a week in which something of everything happens."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from flask import Flask

from tests import factories
from tests.dashboards import LAST_YEAR, scored
from tests.situations import Desk, flag, raised, said, somebody
from tracker.access import Principal, Role
from tracker.actions.concluding import draw_conclusions, let_time_pass
from tracker.actions.digests.subscribing import subscribe, want_urgent
from tracker.actions.digests.telling import Asked, Made
from tracker.actions.occasions import enter
from tracker.digest import DeliveryKind
from tracker.flag import Change
from tracker.handling import Mark
from tracker.indicator import Voice
from tracker.occasion import OccasionKind
from tracker.period import Cadence, Timetable
from tracker.rule import Severity
from tracker.situation import SituationAct, SituationState, Verdict
from tracker.storage.admitting import Person
from tracker.storage.base import Database, Session
from tracker.storage.catalogue import all_indicators
from tracker.storage.conclusions import Flag, Situation, SituationEvent
from tracker.storage.mailing import Subscription
from tracker.storage.principals import principal_of
from tracker.storage.watching import Indicator
from tracker.subscription import Interest, Wanted
from tracker.web.digests.content import Digest
from tracker.web.digests.mail import gathered, reading_as, teller_of

DAY = timedelta(days=1)
WEEK = 7 * DAY
NOTICE, WARNING, ALARM = Severity
CLEAR = Mark.CLEAR
WORSENED, EASED, CLEARED = Change.WORSENED, Change.EASED, Change.CLEARED
ELECTION, ANNIVERSARY = OccasionKind.ELECTION, OccasionKind.ANNIVERSARY
# A rule that says nothing of the evidence here by itself.
BREAKDOWN: dict[str, Any] = {"rule": "rule_of_law_breakdown"}
ANYTHING = Interest()
MONDAYS = Timetable(Cadence.WEEKLY, time(7), "Europe/Berlin", weekday=1)
# Older than any value of it counts, two days before the week is over.
JUST_STALE = 1096 + 2
LEAVE = "http://localhost:8000/leave/digest-1-a-token"


@dataclass
class Reader:
    """Told again and again, each time of what is new since the last."""

    app: Flask
    database: Database
    person_id: int
    # None: urgent notices alone.
    subscription_id: int | None
    told_until: datetime
    stood: dict[str, Any] | None = None
    made: list[Made | None] = field(default_factory=list)

    def told(self, now: datetime, *, kind: DeliveryKind = DeliveryKind.DIGEST) -> Made | None:
        with self.database.reading() as session:
            made = teller_of(self.app).tell(session, self.asked(session, now, kind), now)
        self.made.append(made)
        self.told_until = now
        if made is not None:
            self.stood = dict(made.stood)
        return made

    def gathered(self, now: datetime) -> Digest:
        """The same before it is put into words."""
        with self.database.reading() as session:
            asked = self.asked(session, now)
            with reading_as(self.app, session, asked) as who:
                digest = gathered(session, asked, who)
        self.told_until, self.stood = now, digest.stood.as_kept()
        return digest

    def asked(self, session: Session, now: datetime, kind: DeliveryKind = DeliveryKind.DIGEST) -> Asked:
        subscription = session.get_one(Subscription, self.subscription_id) if kind is DeliveryKind.DIGEST else None
        return Asked(7, kind, self.person_id, subscription, self.told_until, now, LEAVE, self.stood)

    def edit(self, **differing: Any) -> None:
        """What they may see, whatever a form would refuse."""
        with self.database.writing() as session:
            person = session.get_one(Person, self.person_id)
            for name, value in differing.items():
                setattr(person, name, value)

    def is_given(self, session: Session, situation_id: int, *, by: int, now: datetime) -> None:
        session.get_one(Situation, situation_id).owner_id = self.person_id
        details = {"before": None, "after": self.person_id}
        assigned = {"act": SituationAct.ASSIGNED, "at": now, "handling": Mark.CLEAR, "words": "", "details": details}
        session.add(SituationEvent(situation_id=situation_id, by_id=by, **assigned))

    def wants(self, interest: Interest) -> None:
        with self.database.writing() as session:
            session.get_one(Subscription, self.subscription_id).interest = interest.as_kept()


def reader_of(
    app: Flask,
    database: Database,
    *,
    since: datetime,
    interest: Interest = ANYTHING,
    timetable: Timetable = MONDAYS,
    language: str = "en",
    also_when_nothing_is_new: bool = True,
    **differing: Any,
) -> Reader:
    """Somebody who subscribed then; what differs is theirs."""
    wanted = Wanted("The Sahel, weekly", timetable, interest, language, also_when_nothing_is_new)
    with database.writing() as session:
        usual: dict[str, Any] = {"roles": [Role.REVIEWER], "name": "Ana", "created_at": since}
        person = factories.person(session, **(usual | differing))
        made = subscribe(session, person.id, wanted, by=principal_of(session, person), now=since)
        want_urgent(session, person.id, None, by=principal_of(session, person), now=since)
        return Reader(app, database, person.id, made.id, since)


def sentence(words: str) -> dict[str, Any]:
    return {"sentence": words, "values": {}, "clears": "It clears when that is over.", "clears_values": {}}


def a_week(session: Session, reader_id: int, now: datetime) -> None:
    """Of each kind something; the reader is in charge of Niger."""
    before = now - WEEK - DAY
    by = somebody(session, Role.REVIEWER, name="Desk", now=before)
    risks = {
        "MLI": 47,
        "NER": 62,
        "TCD": 55,
        "CIV": 30,
        "GHA": 12,
        "SEN": 20,
        "BFA": 58,
        "NGA": 40,
        "TGO": 8,
        "BEN": 85,
    }
    scored(session, risks, at=before)
    scored(session, {"CMR": 50}, at=before, on=now.date() - JUST_STALE * DAY)
    enter(session, "BEN", ANNIVERSARY, "Day of the republic", now.date() + 11 * DAY, handling=CLEAR, by=by, now=before)
    _flags(session, reader_id, by, now)
    scored(session, {"MLI": 61}, at=now - 2 * DAY, on=LAST_YEAR + 30 * DAY)
    raised(session, iso3="MLI", severity=ALARM, now=now - 2 * DAY, **BREAKDOWN, **sentence("Courts were shut."))
    certain(session, "NGA", 80, now - DAY)
    day = now.date() + 4 * DAY
    enter(session, "BFA", ELECTION, "Parliamentary election", day, handling=CLEAR, by=by, now=now - DAY)
    let_time_pass(session, "CMR", now=now)


def _flags(session: Session, reader_id: int, by: Principal, now: datetime) -> None:
    """Worse, eased, cleared and discarded, and a step that is overdue; nothing judges these countries any more."""
    before = now - WEEK - DAY
    found = {
        iso3: raised(session, iso3=iso3, severity=severity, now=before, **BREAKDOWN)
        for iso3, severity in {"NER": NOTICE, "TCD": WARNING, "CIV": ALARM, "GHA": WARNING, "SEN": WARNING}.items()
    }
    for _flag, situation in found.values():
        situation.due_on = now.date() + 3 * DAY
    found["NER"][1].owner_id = reader_id
    said(session, found["NER"][0], WORSENED, severity=ALARM, now=now - 3 * DAY, **sentence("It spread to the south."))
    found["TCD"][1].due_on = now.date() - 4 * DAY
    said(session, found["CIV"][0], EASED, severity=NOTICE, now=now - 4 * DAY, **sentence("Fewer are held."))
    said(session, found["GHA"][0], CLEARED, severity=WARNING, now=now - 5 * DAY, **sentence("Courts are open again."))
    desk = Desk(session, by, now - 2 * DAY)
    desk.bring(*found["SEN"], SituationState.VERIFYING)
    desk.judge(found["SEN"][0], Verdict.DISCARDED)


def certain(session: Session, iso3: str, points: int, at: datetime, *, coded: int | None = None) -> None:
    """So much is known of the rule of law that its interval is narrow. `coded`: what analysts say, if it is another."""
    asked = [one for one in all_indicators(session) if one.criterion_key == "rule_of_law"]
    made = [
        factories.observation(
            session,
            indicator=one.key,
            iso3=iso3,
            on=at.date() - 15 * DAY,
            value=_at(one, coded if coded is not None and one.voice is Voice.CODED else points),
            standard_error=None if one.levels else 0.05,
            recorded_at=at,
        )
        for one in asked
    ]
    draw_conclusions(session, [one.batch_id for one in made], now=at)


def _at(indicator: Indicator, points: int) -> float:
    """The value that is so many points."""
    span = indicator.worst - indicator.best
    return round(indicator.best + span * points / 100, 0 if indicator.levels else 2)


def a_flag(session: Session, iso3: str, severity: Severity, at: datetime, **differing: Any) -> Flag:
    """Raised, and in no situation."""
    handling = differing.pop("handling", CLEAR)
    made = flag(session, iso3=iso3, now=at, **differing)
    said(session, made, severity=severity, handling=handling, now=at)
    return made
