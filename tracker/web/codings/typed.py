"""What was typed into the grid and is not saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tracker.answer import Answer
from tracker.storage.recording import Coding
from tracker.web.forms.cells import Sent


@dataclass(frozen=True)
class Typed:
    """What a form brought that is not saved: shown again, so that nobody types it twice."""

    answers: Mapping[int, Answer] = field(default_factory=dict)
    seen: Mapping[int, int] = field(default_factory=dict)
    conflicts: Mapping[int, Sequence[Coding]] = field(default_factory=dict)
    refused: Mapping[int, str] = field(default_factory=dict)
    is_restored: bool = False

    @classmethod
    def of(
        cls, sent: Mapping[int, Sent], conflicts: Mapping[int, Sequence[Coding]], refused: Mapping[int, str]
    ) -> "Typed":
        """What could not be saved: the cell holds something that its writer has not seen, or takes nothing now."""
        kept = {key: sent[key] for key in (*conflicts, *refused) if key in sent}
        answers = {key: one.answer for key, one in kept.items()}
        return cls(answers, {key: one.seen for key, one in kept.items()}, conflicts, refused)

    @classmethod
    def restored(cls, kept: Mapping[int, Sent]) -> "Typed":
        """What was typed when the session was over."""
        return cls(
            {key: one.answer for key, one in kept.items()},
            {key: one.seen for key, one in kept.items()},
            is_restored=True,
        )

    def without_what_was_saved_since(self, mine: Mapping[int, Coding]) -> "Typed":
        """What its writer has saved anew is newer than what they had typed before."""
        old = {key for key, seen in self.seen.items() if key in mine and mine[key].cell_version > seen}
        answers = {key: answer for key, answer in self.answers.items() if key not in old}
        return replace(self, answers=answers, seen={key: self.seen[key] for key in answers})
