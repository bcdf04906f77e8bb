"""A long text comes in pieces, so that it can be cut where there is no more room."""

from tracker.web.briefs.sections import in_pieces


def test_a_text_is_taken_apart_between_sentences_and_else_between_words() -> None:
    assert in_pieces("One. Two?\nThree") == ["One.", "Two?", "Three"]
    assert in_pieces("  ") == []
    long = in_pieces("word " * 200 + "x" * 1000)
    assert max(map(len, long)) <= 240
    assert "".join(long).replace(" ", "") == "word" * 200 + "x" * 1000
