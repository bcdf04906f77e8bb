"""The smallest sound catalogue, for tests to break."""

from pathlib import Path

SOURCES = """\
[[source]]
key = "bank"
name = "Figures"
publisher = "A bank"
url = "https://example.org/figures"
licence = "CC BY 4.0"
attribution = "Figures, a bank."
reliability = "A"
credibility = 2
bundled = true
"""

TERMS = """\
[[term]]
key = "confirmed"
name = "Confirmed"
meaning = "Told by two."
"""

CRITERION = """\
[criterion]
key = "courts"
dimension = "pressure"
name = "Courts"
meaning = \"\"\"
Whether courts decide.
key = "this is prose"
\"\"\"
weight = 1.5
leading = true
citations = [
    { meeting = "2012", section = "Ending impunity" },
]

[[indicator]]
key = "obeyed"
criterion = "courts"
name = "Obeyed"
question = "Are they obeyed?"
voice = "coded"
best = 0
worst = 4
unit = "level"
cadence = "monthly"
fresh_for_days = 62
weight = 1
guidance = "Look at rulings."
risk_factors = [3, 6]
citations = [{ meeting = "2008", section = "Tactics" }]

[indicator.levels]
0 = "Always."
1 = "Mostly."
2 = "By half."
3 = "Rarely."
4 = "Never."

[[indicator]]
key = "measured"
criterion = "courts"
name = "Measured"
question = "What does the bank say?"
voice = "published"
best = 2.5
worst = 0.5
unit = "points"
transform = "log"
source = "bank"
code = "x1"
cadence = "yearly"
fresh_for_days = 1096
weight = 0.5
guidance = "High is good."
risk_factors = [3]
citations = [{ meeting = "2008", section = "Tactics" }]
"""

FILE = "criteria/courts.toml"


def write(folder: Path, criterion: str = CRITERION, sources: str = SOURCES, terms: str = TERMS) -> Path:
    (folder / "criteria").mkdir(exist_ok=True)
    (folder / FILE).write_text(criterion, encoding="utf-8")
    (folder / "sources.toml").write_text(sources, encoding="utf-8")
    (folder / "terms.toml").write_text(terms, encoding="utf-8")
    return folder


def after(old: str, new: str, text: str = CRITERION) -> str:
    """The text with the first `old` replaced, so that a test says only what is wrong."""
    assert old in text
    return text.replace(old, new, 1)
