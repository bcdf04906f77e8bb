"""Whoever writes case studies works on situations."""

from tests.web.situations.conftest import analyst, raise_one, reviewer

__all__ = ["analyst", "raise_one", "reviewer"]
