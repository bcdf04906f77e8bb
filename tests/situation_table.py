"""The table of moves as docs/situations.md shows it: a drawing and two lists.

`python -m tests.situation_table` writes them anew; a test compares.
"""

from pathlib import Path

from tracker.situation import DAYS_FOR, MOVES, CloseReason, Need, SituationState

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "situations.md"
BEGIN, END = "<!-- from tracker/situation.py: begin -->", "<!-- from tracker/situation.py: end -->"

NEEDS: dict[Need, str] = {
    Need.WORDS: "words that say why",
    Need.VERDICTS: "a verdict on every open flag",
    Need.ASSESSMENT: "an assessment made since the flags were taken up",
    Need.IN_SCOPE: "an assessment that names one of the four crimes",
    Need.OUT_OF_SCOPE: "an assessment that says why it is out of scope",
    Need.ALL_DISCARDED: "every flag discarded",
    Need.NO_OPEN_FLAG: "no open flag",
    Need.PART: "a part of a country whose whole has an open situation",
}


def drawn() -> str:
    return "\n\n".join([_picture(), _moves(), _days()])


def written() -> str:
    text = DOCUMENT.read_text(encoding="utf-8")
    return text.partition(BEGIN)[2].partition(END)[0].strip()


def write() -> None:
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{drawn()}\n\n{END}{after}", encoding="utf-8")


def _picture() -> str:
    lines = ["[*] --> new"]
    for source, target in dict.fromkeys((move.source, move.target) for move in MOVES):
        reasons = [move.reason for move in MOVES if (move.source, move.target) == (source, target) and move.reason]
        lines.append(f"{source} --> {target}{_label(reasons)}")
    return "\n".join(["```mermaid", "stateDiagram-v2", *(f"    {line}" for line in lines), "```"])


def _label(reasons: list[CloseReason]) -> str:
    return ": " + ", ".join(reason.replace("_", " ") for reason in reasons) if reasons else ""


def _moves() -> str:
    rows = []
    for move in MOVES:
        target = f"{move.target} ({move.reason.replace('_', ' ')})" if move.reason else move.target
        needs = "; ".join(NEEDS[need] for need in move.needs) or "nothing"
        rows.append(f"| {move.source} | {target} | {needs} |")
    return "\n".join(["| from | to | needs |", "|---|---|---|", *rows])


def _days() -> str:
    rows = [f"| {state} | {DAYS_FOR.get(state, 'none')} |" for state in SituationState]
    return "\n".join(["| state | days until the next step is due |", "|---|---|", *rows])


if __name__ == "__main__":
    write()
