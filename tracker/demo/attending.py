"""What the invented desk has done about the situations of the archipelago, through the same doors as a real one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.access import Principal
from tracker.actions.situations import assessing, attending, judging, moving
from tracker.assessment import Assessment, Crime, Stage
from tracker.handling import Mark
from tracker.situation import SituationState, Verdict
from tracker.storage import flags, situations
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.flags import SeenFlag

# So long ago they took up what the rules had found.
BEGUN_DAYS_AGO = 26
LOOKED_INTO = "Read the answers behind it; two sources say the same."


@dataclass(frozen=True)
class Dropped:
    """A flag that was looked into and discarded, though a like one was confirmed elsewhere."""

    rule_key: str
    subject: str
    words: str


@dataclass(frozen=True)
class Attended:
    iso3: str
    # None: it was taken up, and its flags wait for a verdict.
    assessment: Assessment | None
    # What was answered; empty: nothing yet.
    answer: str = ""
    dropped: tuple[Dropped, ...] = ()


STORY = (
    Attended(
        "XAB",
        Assessment(
            summary="The harbour guard closes the roads out of the hill villages, and the courts are shut.",
            crimes=(Crime.ETHNIC_CLEANSING, Crime.AGAINST_HUMANITY),
            likelihood=4,
            consequence=4,
            stage=Stage.EARLY_VIOLENCE,
            population="Some 9,000 people of the hill villages, who speak another language than the port",
        ),
        "An envoy of the council of islands goes to the port; safe passage is asked for.",
    ),
    Attended(
        "XAF",
        Assessment(
            summary="Courts and press are under pressure before the vote; nobody has been attacked.",
            crimes=(Crime.AGAINST_HUMANITY,),
            likelihood=2,
            consequence=3,
            stage=Stage.EARLY_PREVENTION,
            population="Judges, reporters and the families of the outer cays",
        ),
    ),
    Attended(
        "XAA",
        None,
        dropped=(
            Dropped(
                *("new_high", "safety_of_watchers"),
                "One letter of threat to one observer; she asked around, and goes on with her work.",
            ),
            Dropped(
                *("new_high", "organised_hatred"),
                "The leaflets came from the cape; on the isle nobody was seen to hand them on.",
            ),
        ),
    ),
)


def attend(session: Session, *, by: Principal, now: datetime) -> None:
    """The rules have been looked at before; whatever they find afterwards is left as it is found."""
    for attended in STORY:
        situation = situations.open_in(session, attended.iso3)
        if situation is not None:
            _attend(_Desk(session, by, situation), attended, now - timedelta(days=BEGUN_DAYS_AGO))


def _attend(desk: "_Desk", attended: Attended, begun: datetime) -> None:
    desk.move(SituationState.VERIFYING, "", begun)
    for dropped in attended.dropped:
        desk.discard(dropped, begun + timedelta(days=1))
    if attended.assessment is None:
        return
    desk.take_charge(begun)
    desk.confirm_all(begun + timedelta(days=2))
    desk.assess(attended.assessment, begun + timedelta(days=3))
    desk.move(SituationState.ASSESSED, "", begun + timedelta(days=3))
    if attended.answer:
        desk.move(SituationState.RESPONDING, attended.answer, begun + timedelta(days=5))


@dataclass(frozen=True)
class _Desk:
    """Somebody who has just looked at everything."""

    session: Session
    by: Principal
    situation: Situation

    def move(self, target: SituationState, words: str, at: datetime) -> None:
        if self.situation.state is not target:
            moving.move(self.session, self.situation.id, target, words=words, seen=self._seen(), by=self.by, now=at)

    def take_charge(self, at: datetime) -> None:
        number, person = self.situation.id, self.by.person_id
        attending.assign(self.session, number, person, seen=self._seen(), by=self.by, now=at)

    def confirm_all(self, at: datetime) -> None:
        self._judge(self._waiting(), Verdict.CONFIRMED, LOOKED_INTO, at)

    def discard(self, dropped: Dropped, at: datetime) -> None:
        """Where the rules raised it: in another month the story has other flags."""
        matter = (dropped.rule_key, dropped.subject)
        found = [one for one in self._waiting() if (one.flag.rule_key, one.flag.subject) == matter]
        if found:
            self._judge(found, Verdict.DISCARDED, dropped.words, at)

    def assess(self, assessment: Assessment, at: datetime) -> None:
        mark, seen = Mark(max(self.situation.handling, Mark.GREEN)), self._seen()
        assessing.assess(self.session, self.situation.id, assessment, handling=mark, seen=seen, by=self.by, now=at)

    def _judge(self, found: Sequence[SeenFlag], verdict: Verdict, words: str, at: datetime) -> None:
        chosen = {one.flag.id: judging.shown_of(one) for one in found}
        judging.judge(self.session, self.situation.id, chosen, verdict, words=words, by=self.by, now=at)

    def _waiting(self) -> list[SeenFlag]:
        found = flags.in_situation(self.session, self.situation.id, self.by.clearance)
        return [one for one in found if one.is_waiting]

    def _seen(self) -> int:
        return situations.newest_change(situations.events(self.session, self.situation.id, self.by.clearance))
