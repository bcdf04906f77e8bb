"""What is said when a file of the catalogue breaks one of its rules."""


class CatalogueBroken(Exception):
    """A catalogue file is refused as a whole: half a catalogue would score countries by half a yardstick.

    The sentence is made for the person who edited the file: which file, which line, what is wrong and what to do.
    """

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, line {line}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason
