"""What does a picture of scores say to someone who does not see it? The caller hands in the reader's language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.pictures.drawing import plain_number
from tracker.pictures.marks import WITH_MORE, FlagMark
from tracker.pictures.score_line import ScoreLine


def plain_score(value: float) -> str:
    return plain_number(value, 0)


@dataclass(frozen=True)
class ScoreWords:
    """Every word in a picture of scores that is not the caller's own label."""

    levels: tuple[str, str, str, str, str] = ("low", "guarded", "elevated", "high", "critical")
    unit: str = "points"
    no_score: str = "not enough evidence"
    nothing: str = "There was never enough evidence for a score."
    summary: str = (
        "%(label)s: %(first)s on %(first_day)s, %(last)s on %(last_day)s; "
        "lowest %(lowest)s from %(lowest_day)s on, highest %(highest)s from %(highest_day)s on."
    )
    ended: str = "%(label)s: not enough evidence since %(day)s."
    none_for: str = "%(label)s: never enough evidence."
    # Of the severities 1 to 3: what a flag is called, and what it is called once it has cleared.
    flags: tuple[str, str, str] = ("notice", "warning", "alarm")
    cleared: str = "%(severity)s cleared"
    # What people did about it.
    step: str = "measure"
    # Of a heap of marks, the foremost by its name.
    with_more: str = WITH_MORE
    mark: str = "%(day)s: %(flag)s, %(label)s."
    as_of: str = "as of %(day)s"
    score: Callable[[float], str] = plain_score
    day: Callable[[date], str] = date.isoformat

    def flag(self, mark: FlagMark) -> str:
        if not mark.severity:
            return self.step
        severity = self.flags[mark.severity - 1]
        return self.cleared % {"severity": severity} if mark.ended else severity


PLAIN_SCORE_WORDS = ScoreWords()


def score_alternative(
    lines: Sequence[ScoreLine], marks: Sequence[FlagMark], until: date, words: ScoreWords = PLAIN_SCORE_WORDS
) -> str:
    """What the lines and the marks show, and nothing that they do not. Lines are in order."""
    said = [sentence for line in lines for sentence in _about(line, until, words)]
    said += [
        words.mark % {"day": words.day(mark.on), "flag": words.flag(mark), "label": mark.label}
        for mark in sorted(marks, key=lambda mark: mark.on)
    ]
    return " ".join(said)


def _about(line: ScoreLine, until: date, words: ScoreWords) -> list[str]:
    known = [(point.on, point.value) for point in line.points if point.value is not None]
    if not known:
        return [words.none_for % {"label": line.label}]
    ended = line.points[-1].value is None
    named = {
        "first": known[0],
        # the last score still holds on the last day, unless it ended
        "last": known[-1] if ended else (until, known[-1][1]),
        "lowest": min(known, key=lambda found: found[1]),
        "highest": max(known, key=lambda found: found[1]),
    }
    places = {"label": line.label}
    for name, (on, value) in named.items():
        places |= {name: words.score(value), f"{name}_day": words.day(on)}
    said = [words.summary % places]
    if ended:
        said.append(words.ended % {"label": line.label, "day": words.day(line.points[-1].on)})
    return said
