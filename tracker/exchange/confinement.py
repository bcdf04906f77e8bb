"""What a child process that reads or sets something may use at most: set by itself, before it looks at anything.

It may write no file. What goes beyond kills it, which is seen from outside.
"""

import contextlib


def confine(*, memory_bytes: int, processor_seconds: int) -> None:
    try:
        import resource
    except ImportError:
        return  # Windows has no such limits; the parent's own, of time, holds all the same
    wanted = {
        resource.RLIMIT_AS: (memory_bytes, memory_bytes),
        resource.RLIMIT_CPU: (processor_seconds, processor_seconds + 1),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_CORE: (0, 0),
    }
    for limit, (soft, hard) in wanted.items():
        # where a limit is lower already, or the platform does not know it
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (soft, hard))
