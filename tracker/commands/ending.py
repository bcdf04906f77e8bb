"""How a process is asked to end: by a signal, or because whoever started it is gone."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable

# Who has not ended of itself by then is ended.
PATIENCE_SECONDS = 10
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


def when_asked_to_end(end: Callable[[], None], *, input_too: bool = False) -> None:
    """Calls `end` in the main thread, between two of its steps, for every signal that asks to end.

    With `input_too` the end of standard input asks as well: a pipe from the process that started this one closes even
    when that process is killed, on every system.
    """
    for name in _SIGNALS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: end())
    if input_too:
        threading.Thread(target=_end_with_input, name="end-with-input", daemon=True).start()


def _end_with_input() -> None:
    # Read past sys.stdin: its lock, held by this thread, would spoil an orderly end.
    while os.read(0, 1024):
        pass
    if sys.platform == "win32":
        import _thread

        _thread.interrupt_main(signal.SIGTERM)
    else:
        main_thread = threading.main_thread().ident
        assert main_thread is not None
        signal.pthread_kill(main_thread, signal.SIGTERM)
    time.sleep(PATIENCE_SECONDS)
    os._exit(1)
