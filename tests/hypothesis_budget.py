"""How many examples a law is given: the profile says it (`tests/conftest.py`), a dear law takes a share of that."""

from hypothesis import settings


def examples(share: float) -> int:
    """For a module's decorators: by the time it is imported the profile of the run has been chosen."""
    return max(5, int(settings().max_examples * share))
