"""Several people doing the same thing in the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Answer = TypeVar("Answer")


def at_once(number: int, act: Callable[[int], Answer]) -> list[Answer | Exception]:
    """What each of them got: an answer or a refusal. Nobody starts before all are ready."""
    ready = Barrier(number, timeout=60)

    def begin(which: int) -> Answer | Exception:
        ready.wait()
        try:
            return act(which)
        except Exception as refused:
            return refused

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(begin, range(number)))
