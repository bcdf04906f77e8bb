"""What councils did, among what happened to a situation."""

from collections.abc import Iterable
from datetime import UTC, datetime, time

from flask_babel import to_utc

from tracker.handling import Mark
from tracker.storage.responding import CouncilAct
from tracker.web.council_acts.words import act_sentence
from tracker.web.situations.timeline import Told


def told_in_timeline(acts: Iterable[CouncilAct]) -> list[Told]:
    """On its day, wherever the reader is; the noon is theirs, and is not shown."""
    found = []
    for act in acts:
        noon = to_utc(datetime.combine(act.day, time(12))).replace(tzinfo=UTC)
        found.append(Told(noon, "", act_sentence(act), act.words, Mark(act.handling).label, is_of_a_day=True))
    return found
