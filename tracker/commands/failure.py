"""How a command says that it cannot do what was asked."""


class CannotGoOn(Exception):
    """Carries one sentence: what is wrong and what to do. It is printed, and the exit status is 1."""
