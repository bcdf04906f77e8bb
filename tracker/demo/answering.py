"""Who answers in the invented archipelago, and what its States ask for: offices alone, no person is made up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.access import Principal
from tracker.actions import assistance, focal_points
from tracker.assistance import AssistanceState, Wish
from tracker.focal_point import Appointment
from tracker.handling import Mark
from tracker.measure import MeasureKind
from tracker.storage.base import Session


@dataclass(frozen=True)
class Named:
    office: str
    days_ago: int
    iso3: str | None = None
    group_key: str | None = None
    # None: in office.
    left_days_ago: int | None = None


@dataclass(frozen=True)
class Asked:
    iso3: str
    days_ago: int
    on_behalf_of: str
    kind: MeasureKind
    title: str
    words: str
    needed_in_days: int
    # Empty: nobody has answered.
    answer: str = ""


NAMED = (
    Named("Ministry of Foreign Affairs, Human Security Division", 640, iso3="XAE"),
    Named("Office of the Prime Minister, Adviser on Prevention", 410, iso3="XAH"),
    Named("Ministry of Justice, Human Rights Unit", 330, iso3="XAC"),
    Named("Ministry of Foreign Affairs, Legal Service", 900, iso3="XAA", left_days_ago=300),
    Named("Secretariat, Peace and Security Desk", 500, group_key="archipelago_community"),
)
ASKED = (
    Asked(
        *("XAC", 16, "Ministry of Justice, Human Rights Unit", MeasureKind.SECURITY_SECTOR),
        "Trainers for the prison service of Ree",
        "Six trainers for three months, in the two prisons on the harbour. Interpreters are there; lodging is not.",
        needed_in_days=40,
    ),
    Asked(
        *("XAB", 34, "Council of the coast, by letter", MeasureKind.MEDIATION),
        "A mediator whom the hill movement accepts",
        "For talks about the road to the three villages that are cut off. The council offers neutral ground.",
        needed_in_days=-4,
    ),
    Asked(
        *("XAH", 75, "Office of the Prime Minister, Adviser on Prevention", MeasureKind.ASSISTANCE),
        "Help with the national prevention plan",
        "Somebody who has written one before reads the draft and says what is missing.",
        needed_in_days=-20,
        answer="The Community’s secretariat has read the draft and met the office twice; its notes are there.",
    ),
)


def answer_for(session: Session, *, by: Principal, now: datetime) -> None:
    for one in NAMED:
        since = (now - timedelta(days=one.days_ago)).date()
        appointment = Appointment(one.office, "", "focal.point@example.org", since, "https://example.org/network")
        entered = now - timedelta(days=min(one.days_ago, 60))
        marked = {"handling": Mark.GREEN, "by": by, "now": entered}
        made = focal_points.appoint(session, one.iso3, one.group_key, appointment, **marked)  # type: ignore[arg-type]
        if one.left_days_ago is not None:
            last = (now - timedelta(days=one.left_days_ago)).date()
            focal_points.end(session, made.id, last, by=by, now=entered)
    for asked in ASKED:
        _ask(session, asked, by=by, now=now)


def _ask(session: Session, asked: Asked, *, by: Principal, now: datetime) -> None:
    at = now - timedelta(days=asked.days_ago)
    wish = Wish(
        asked.kind,
        asked.title,
        asked.words,
        needed_by=(now + timedelta(days=asked.needed_in_days)).date(),
        on_behalf_of=asked.on_behalf_of,
    )
    made = assistance.ask(session, asked.iso3, wish, handling=Mark.GREEN, by=by, now=at)
    if asked.answer:
        answered = at + timedelta(days=12)
        assistance.settle(session, made.id, AssistanceState.ANSWERED, asked.answer, by=by, now=answered)
