"""The table of moves as docs/responses.md shows it: a drawing and two lists.

`python -m tests.response_table` writes them anew; a test compares.
"""

from pathlib import Path

from tracker.response import DAYS_FOR, MOVES, OPEN, Move, Need, ResponseAct, ResponseState

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "responses.md"
BEGIN, END = "<!-- from tracker/response.py: begin -->", "<!-- from tracker/response.py: end -->"

NEEDS: dict[Need, str] = {
    Need.DECIDED_BY: "who decided it, in words",
    Need.OWNER: "an owner",
    Need.DUE_DAY: "a day by which it is to be done",
}
WORDS: dict[ResponseAct, str] = {
    ResponseAct.DECLINED: "the reason",
    ResponseAct.REPORTED: "how far it is",
    ResponseAct.DONE: "what came of it",
    ResponseAct.ABANDONED: "the reason",
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
    lines = ["[*] --> proposed", *(f"{move.source} --> {move.target}: {move.act}" for move in MOVES)]
    lines += [f"{state} --> [*]" for state in ResponseState if state not in OPEN]
    return "\n".join(["```mermaid", "stateDiagram-v2", *(f"    {line}" for line in lines), "```"])


def _moves() -> str:
    rows = [f"| {_said(move.source)} | {_said(move.target)} | {_needs(move)} |" for move in MOVES]
    return "\n".join(["| from | to | needs |", "|---|---|---|", *rows])


def _needs(move: Move) -> str:
    return "; ".join(NEEDS.get(need) or WORDS[move.act] for need in move.needs)


def _days() -> str:
    days = {state: str(DAYS_FOR[state]) for state in DAYS_FOR} | {ResponseState.UNDER_WAY: "as said at the start"}
    rows = [f"| {_said(state)} | {days.get(state, 'none')} |" for state in ResponseState]
    return "\n".join(["| state | days until the next step is due |", "|---|---|", *rows])


def _said(state: ResponseState) -> str:
    return state.replace("_", " ")


if __name__ == "__main__":
    write()
