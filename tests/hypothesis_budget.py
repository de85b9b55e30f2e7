"""The number of examples of a property test: that of the profile (`tests/conftest.py`), or a share of it for costly ones."""

from hypothesis import settings


def examples(share: float) -> int:
    """For a module's decorators: by the time it is imported the profile of the run has been chosen."""
    return max(5, int(settings().max_examples * share))
