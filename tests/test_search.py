"""Words are found in texts as people write them, and can be shown where they stand."""

import pytest

from tracker.catalogue.places import read_places
from tracker.country import LANGUAGES, without_accents
from tracker.search import LONGEST, LONGEST_PASSAGE, MOST_WORDS, Piece, Rank, Search


def found_in(words: str, text: str) -> list[str]:
    return [piece.text for piece in Search.read(words).marked(text) if piece.is_found]


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        ("segou", "Unrest in Ségou and Mopti", ["Ségou"]),
        ("SÉGOU", "unrest in segou", ["segou"]),
        ("cote ivoire", "Côte d’Ivoire", ["Côte", "Ivoire"]),
        ("divoire", "Côte d’Ivoire", ["d’Ivoire"]),
        ("strasse", "Die Straße", ["Straße"]),
        ("lodz", "Łódź", ["Łódź"]),
        ("نيجر", "النِّيجر", ["نِّيجر"]),
        ("نـيجر", "النيـــجر", ["نيـــجر"]),
        ("(a+)+", "a line (a+)+ of signs", ["(a+)+"]),
        ("ban and", "a band", ["band"]),
        ("curfew", "no such thing", []),
    ],
)
def test_accents_capitals_and_apostrophes_do_not_count(words: str, text: str, expected: list[str]) -> None:
    assert found_in(words, text) == expected


def test_what_is_marked_is_the_whole_text_in_order() -> None:
    assert Search.read("la Ré").marked("La République") == [
        Piece("La", is_found=True),
        Piece(" "),
        Piece("Ré", is_found=True),
        Piece("publique"),
    ]


def test_every_country_is_found_by_each_of_its_names_without_accents() -> None:
    missed = [
        name
        for country in read_places().countries
        for name in (country.names[language] for language in LANGUAGES)
        if not Search.read(without_accents(name).replace("’", "'")).is_in(name)
    ]
    assert missed == []


def test_every_word_must_be_there_in_one_text_or_another() -> None:
    search = Search.read("mali curfew")

    assert search.is_in("Mali", "A curfew since Monday")
    assert not search.is_in("Mali", "An election")


@pytest.mark.parametrize(("sign", "line"), [("\u0640", 40), ("\u034f", 40), ("ι", 40), ("\u0345", 40)])
def test_no_word_takes_for_ever(sign: str, line: int) -> None:
    """Where what does not count could also be a letter, each of a row of signs would double the time."""
    assert not Search.read(f"x{sign * line}y").is_in(f"x{sign * 2 * line}z", f"xι{chr(0x345) * 2 * line}z")


@pytest.mark.parametrize("words", ["", "   ", "’", "' .", "ـــ \u034f"])
def test_without_words_nothing_is_found(words: str) -> None:
    search = Search.read(words)

    assert not search.is_in("", "Mali")
    assert search.rank_among(["Mali"]) is None
    assert search.passage("Mali") == []
    assert search.marked("Mali") == [Piece("Mali")]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("guinée", Rank.WHOLE),
        ("guin", Rank.BEGINNING),
        ("bissau", Rank.WHOLE_WORDS),
        ("bissa", Rank.WORDS),
        ("uin", Rank.WITHIN),
        ("mali", None),
    ],
)
def test_the_best_of_its_names_ranks_a_thing(words: str, expected: Rank | None) -> None:
    assert Search.read(words).rank_among(["Guinea-Bissau", "Guinée"]) == expected


def test_a_passage_shows_what_surrounds_the_first_word_found() -> None:
    before, after = "word " * 100, " more" * 100
    passage = "".join(piece.text for piece in Search.read("curfew").passage(f"{before}the curfew{after}"))

    assert passage.startswith("… word ")
    assert "the curfew more" in passage
    assert passage.endswith("more …")
    assert len(passage) <= LONGEST_PASSAGE + 4


def test_a_short_text_is_shown_whole_and_in_one_line() -> None:
    assert Search.read("b").passage("a\nb  c") == [Piece("a "), Piece("b", is_found=True), Piece(" c")]


def test_a_passage_comes_from_the_text_that_holds_the_most_words() -> None:
    passage = Search.read("curfew night").passage("A curfew.", "By night a curfew holds.")

    assert "".join(piece.text for piece in passage) == "By night a curfew holds."


def test_no_more_is_looked_for_than_somebody_would_type() -> None:
    assert len(Search.read("a " * 50).words) == MOST_WORDS
    assert len(Search.read("x" * 500).text) == LONGEST


def test_a_word_that_begins_inside_of_another_begins_none() -> None:
    assert Search.read("hate speech").begins_in("Speeches of", "hateful men")
    assert not Search.read("oman").begins_in("Women of the council")
