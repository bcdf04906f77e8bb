"""Mappings are kept as plain words, come back as they were, and know columns by their headings."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.mapping import Cell, DayOrder, Mapping, MappingUnfit, Part, Shape, as_word, from_plain, headings, unmapped

TEXTS = st.text(max_size=20)
MAPPINGS = st.builds(
    Mapping,
    shape=st.sampled_from(Shape),
    columns=st.dictionaries(st.sampled_from(Part), TEXTS),
    fixed=st.dictionaries(st.sampled_from(Part), TEXTS),
    indicators=st.dictionaries(TEXTS, TEXTS),
    countries=st.dictionaries(TEXTS, TEXTS),
    left_out=st.lists(TEXTS).map(tuple),
    standard_errors=st.dictionaries(TEXTS, TEXTS),
    days=st.lists(TEXTS).map(tuple),
    header_row=st.integers(1, 100),
    last_row=st.none() | st.integers(1, 10**6),
    day_order=st.none() | st.sampled_from(DayOrder),
    decimal_sign=st.sampled_from([None, ".", ","]),
    missing=st.lists(TEXTS).map(tuple),
)


@given(MAPPINGS)
def test_a_mapping_comes_back_from_json_as_it_was(mapping: Mapping) -> None:
    assert from_plain(json.loads(json.dumps(mapping.as_plain()))) == mapping


def test_what_an_older_mapping_does_not_say_is_as_usual() -> None:
    assert from_plain({"shape": "long"}) == Mapping(Shape.LONG)


@pytest.mark.parametrize(
    "plain",
    [
        *(None, [], "long", {}, {"shape": "round"}, {"shape": "long", "colour": "red"}),
        *({"shape": "long", "columns": {"weather": "x"}}, {"shape": "long", "columns": ["x"]}),
        *({"shape": "long", "columns": {"value": 7}}, {"shape": "long", "header_row": 0}),
        *(
            {"shape": "long", "header_row": True},
            {"shape": "long", "header_row": "1"},
            {"shape": "long", "last_row": 0},
        ),
        *({"shape": "long", "decimal_sign": "'"}, {"shape": "long", "missing": "-99"}, {"shape": "long", "days": [1]}),
        *({"shape": "long", "day_order": "year_first"}, {"shape": "long", "indicators": {"x": None}}),
    ],
)
def test_what_is_no_mapping_is_refused(plain: object) -> None:
    with pytest.raises(MappingUnfit, match="What was chosen for the columns cannot be read"):
        from_plain(plain)


def test_every_column_has_a_name_of_its_own() -> None:
    header: list[Cell] = [" iso3 ", "Value", None, "Value", "Value (2)", 2021.0, "two\nlines", "", "Value"]
    names = headings(header)
    assert names == ["iso3", "Value", "(C)", "Value (2)", "Value (2) (2)", "2021", "two lines", "(H)", "Value (3)"]


@given(
    st.lists(st.none() | st.sampled_from(["a", "a (2)", "(A)", "(B)"]) | st.text(max_size=3) | st.floats(), max_size=30)
)
def test_no_two_columns_share_a_name(header: list[Cell]) -> None:
    assert len(set(headings(header))) == len(header)


def test_two_thousand_columns_of_one_name_are_told_apart() -> None:
    assert headings(["x"] * 2000)[-1] == "x (2000)"


def test_what_feeds_nothing_is_listed() -> None:
    mapping = Mapping(Shape.LONG, {Part.COUNTRY: "iso3", Part.VALUE: "v"}, indicators={"rank": "rule"})
    assert unmapped(mapping, ["iso3", "v", "rank", None, "region"]) == ("rank", "region")


@pytest.mark.parametrize("written", ["Std. Error", "std_error", " STD  ERROR:", "std-error"])
def test_case_blanks_and_punctuation_do_not_count_in_headings(written: str) -> None:
    assert as_word(written) == "std error"
