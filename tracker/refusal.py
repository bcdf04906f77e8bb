"""What somebody asked for cannot be done.

A refusal carries a sentence for that person: what is wrong and what to do. The sentence is kept apart from its values
so that the web layer can say it in the reader's language.
"""


def N_(sentence: str) -> str:  # noqa: N802 (the name by which gettext finds sentences that are translated later)
    """Marks a sentence for translation where no reader, and so no language, is known yet."""
    return sentence


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802 (as above; babel is told of it beside the other)
    """Marks a sentence in its two forms, of one and of more, where a word bends with a number."""
    return one, many


class Refusal(Exception):
    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence % values if values else sentence)
        self.sentence = sentence
        self.values = values


class NotThere(Refusal):
    """It does not exist, or lies outside what the asker may know of: the two are not told apart."""


class OutOfTurn(Refusal):
    """It was possible once or will be later, but not as things stand now."""
