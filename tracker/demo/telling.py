"""What the invented desk has learnt: two cases of the archipelago, one of them of a State that is no more."""

from datetime import datetime, timedelta

from tracker.access import Principal
from tracker.actions import case_studies
from tracker.assessment import Crime, Stage
from tracker.case_study import Case, Part
from tracker.handling import Mark
from tracker.measure import MeasureKind
from tracker.storage.base import Session

HARBOUR = {
    Part.SEEN: (
        "In eight months the two harbour courts lost five of nine judges. The guard stopped letting lawyers into the "
        "lock-up, and the radio began to call the hill villages guests.\n"
        "Nobody had been attacked yet. What was new was that several things worsened together."
    ),
    Part.KNOWN: (
        "The bar association wrote of the first dismissals within a week. Its letters were read as a quarrel among "
        "lawyers, and for eleven weeks nobody laid them beside what the radio said."
    ),
    Part.DECIDED: (
        "The council of islands decided to send two retired judges to sit in on every hearing, and declined to halt "
        "the ferry subsidies: that would have hurt the hill villages first."
    ),
    Part.DONE: (
        "The two judges sat in the court for four months. The radio’s licence was tied to a right of reply. The guard "
        "took on six people from the hills."
    ),
    Part.FOLLOWED: (
        "Three of the five judges came back. The roads stayed open through the election. The answers about incitement "
        "eased only half a year later, after the right of reply had been used twice."
    ),
    Part.LEARNT: (
        "Lay the letters of the lawyers beside what the radio says on the day they come: each alone looked like a "
        "quarrel. Somebody who merely sits in a court changes what happens there, and costs little. Ask first whom a "
        "sanction hits."
    ),
}
FERRY = {
    Part.SEEN: (
        "The ferry company asked for papers in one language only. Families of the southern cays were turned back at "
        "the quay, then their boats were burnt by night."
    ),
    Part.KNOWN: (
        "The pilots knew it in the first week and told the relief office. Nobody asked that office for two months."
    ),
    Part.DECIDED: "The federation debated it twice and decided nothing.",
    Part.DONE: "Neighbours took people in. One island opened its school as a shelter.",
    Part.FOLLOWED: "Some 2,400 people left for good, and the federation broke apart in the year after.",
    Part.LEARNT: (
        "Whoever sees it first is often nobody’s source: ask pilots, teachers and nurses before asking offices. A body "
        "that debates and decides nothing has decided."
    ),
}


def tell(session: Session, *, by: Principal, now: datetime) -> None:
    today = now.date()
    cases = (
        Case(
            title="Judges on a bench: how a harbour kept its courts",
            began_on=today - timedelta(days=420),
            ended_on=today - timedelta(days=150),
            iso3="XAC",
            stage=Stage.EARLY_PREVENTION,
            crimes=(Crime.AGAINST_HUMANITY,),
            criteria=("rule_of_law", "incitement", "security_sector"),
            kinds=(MeasureKind.MONITORING, MeasureKind.POLITICAL, MeasureKind.SECURITY_SECTOR),
            texts=HARBOUR,
            sources=("https://example.org/harbour-courts", "Letters of the bar association, kept at the council"),
        ),
        Case(
            title="The ferry that asked for papers",
            began_on=today.replace(year=today.year - 31, month=5, day=2),
            ended_on=today.replace(year=today.year - 31, month=11, day=20),
            place="Federation of the Southern Cays, which is no more",
            stage=Stage.EARLY_VIOLENCE,
            crimes=(Crime.ETHNIC_CLEANSING,),
            criteria=("group_fissures", "incitement", "rule_of_law"),
            texts=FERRY,
            sources=("Oral history of the pilots, in the library of the council of islands",),
        ),
    )
    for number, case in enumerate(cases):
        at = now - timedelta(days=40 - number)
        case_studies.write(session, case, handling=Mark.GREEN, by=by, now=at)
