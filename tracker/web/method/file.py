"""The tree in force as a file that `manage.py score --tree` reads."""

from tracker.catalogue.trees import Goalposts, High, Index, Leaf, as_toml
from tracker.method import Method
from tracker.web.method.words import Names


def tree_as_toml(method: Method, number: int, named: Names) -> str:
    """Without what the file cannot say: how long values stay fresh and how far they may be trusted."""
    leaves = tuple(
        Leaf(one.key, named.get(one.key, one.key), Goalposts(one.best, one.worst), one.transform)
        for one in method.measures
    )
    return as_toml(Index(f"Version {number} of the method", High.BAD, leaves, method.tree))
