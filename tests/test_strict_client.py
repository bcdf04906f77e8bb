"""The judge of pages is itself judged: each kind of bad page is refused."""

import pytest

from tests.strict_client import BadPage, judge_page

PAGE = """<!doctype html><html lang="en" dir="ltr"><head><title>A page</title></head>
<body><main><h1>A page</h1>{}</main></body></html>"""


def test_a_good_page_passes() -> None:
    judge_page(PAGE.format('<p>Text</p><label for="a">A</label><input id="a" name="a">'))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("<h1>Another</h1>", "one h1"),
        ("<p>Text</div>", "invalid HTML"),
        ('<p id="a">A</p><p id="a">B</p>', "stand twice"),
        ('<input name="a">', "without a label"),
        ('<p style="color: red">A</p>', "style attribute"),
        ("<script>alert(1)</script>", "inline or foreign script"),
        ('<script src="https://evil.example/a.js"></script>', "inline or foreign script"),
        ('<p onclick="a()">A</p>', "event attribute"),
        ('<a href="javascript:alert(1)">A</a>', "could run something"),
        ('<a href="#nowhere">A</a>', "leads nowhere"),
        ("<h3>Too deep</h3>", "skip a level"),
        ('<img src="a.png">', "without an alternative"),
        ('<form method="post"><button>Send</button></form>', "without its token"),
        ("<button></button>", "without words"),
        ('<p aria-describedby="nothing">A</p>', "points at nothing"),
    ],
)
def test_a_bad_page_is_refused(words: str, reason: str) -> None:
    with pytest.raises(BadPage, match=reason):
        judge_page(PAGE.format(words))


def test_a_page_without_a_language_is_refused() -> None:
    with pytest.raises(BadPage, match="language"):
        judge_page(PAGE.format("").replace(' lang="en"', ""))
