"""Addresses of files change with their content, so that browsers may keep them for a year."""

import hashlib
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1000)  # there are a few dozen files; a client cannot make it grow for ever
def fingerprint_of(file: Path) -> str:
    """Of the file as it was when it was first asked for: a new version of the product is a new process."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
