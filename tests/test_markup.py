"""Reading only the shape of a page misses no error, and is worth the trouble."""

import re

import pytest

from tests.markup import problems_of, read_whole, shape_of

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A page</title></head>
<body><h1>A page</h1><p>Some <b>words</b> &amp; a <a href="/x?a=1&amp;b=2">link</a></p>
<form><select><option>A</option><option>B</option></select><input type="hidden" name="a"><button>Send</button></form>
<table><thead><tr><th>A</th></tr></thead><tbody>
{rows}</tbody></table>
<ul><li>One</li><li>Two</li></ul><svg viewBox="0 0 1 1"><g><path d="M0 0"/><path d="M1 1"/></g></svg></body></html>
"""
ROW = "<tr><td>{}</td></tr>\n"
PIECES = re.findall(r"<[^>]*>|[^<]+", PAGE.format(rows=ROW.format(1) * 2))
# What is wrong everywhere, in some places, or nowhere.
PLANTED = (
    *("<p>", "</p>", "<div>", "<div/>", "<p>x</p>", "x", "<", ">", '"', "&", "&foo;", "&#0;", "\x0b", "<b>", "</b>"),
    *("<br/>", "</br>", "<a href='x'>", "<a>x</a>", "<form></form>", "<h2>x</h2>", "<input>", '<input type="hidden">'),
    *("<li>", "<option>x</option>", "<button>x</button>", "<tr></tr>", "<td>", "<tbody></tbody>", "<svg>", "<path/>"),
    *("<caption>x</caption>", "<html></html>", "<head></head>", "<body></body>", "</body>", "<!doctype html>"),
    *("<table></table>", "<!-- x -->", '<p a="" a=""></p>', '<p a=""b=""></p>', "<script>a<b</script>"),
)
# Each is planted in every third place, beginning at another one than the one before.
PLACES_APART = 3


def with_rows(*words: str) -> str:
    return PAGE.format(rows="".join(map(ROW.format, words)))


def test_a_page_without_an_error_passes() -> None:
    assert problems_of(with_rows("1", "2", "3")) == read_whole(with_rows("1", "2", "3")) == ()


@pytest.mark.parametrize(("number", "planted"), list(enumerate(PLANTED)))
def test_what_is_an_error_when_read_whole_is_an_error_wherever_it_is_planted(number: int, planted: str) -> None:
    places = range(number % PLACES_APART, len(PIECES) + 1, PLACES_APART)
    pages = ["".join([*PIECES[:place], planted, *PIECES[place:]]) for place in places]
    assert [page for page in pages if bool(problems_of(page)) != bool(read_whole(page))] == []


def test_whatever_is_left_out_said_twice_or_in_another_order_is_found_as_when_read_whole() -> None:
    changed = [[*PIECES[:place], *PIECES[place + 1 :]] for place in range(len(PIECES))]
    changed += [[*PIECES[: place + 1], *PIECES[place:]] for place in range(len(PIECES))]
    changed += [
        [*PIECES[:place], *PIECES[place : place + 2][::-1], *PIECES[place + 2 :]] for place in range(len(PIECES))
    ]
    pages = ["".join(pieces) for pieces in changed]
    assert [page for page in pages if bool(problems_of(page)) != bool(read_whole(page))] == []
    assert sum(bool(read_whole(page)) for page in pages) > 100


def test_other_words_other_values_and_more_rows_of_the_same_kind_are_not_read_again() -> None:
    assert shape_of(with_rows("1")) == shape_of(with_rows("23", "4", "5").replace("/x", "/yz"))


@pytest.mark.parametrize("other", ["", "<b>2</b>", '<input type="hidden">'])
def test_a_row_of_another_kind_is_read(other: str) -> None:
    assert shape_of(with_rows("1")) != shape_of(with_rows("1", other))
