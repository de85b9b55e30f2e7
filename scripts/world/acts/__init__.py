"""What people do. Importing this package declares all acts."""

from scripts.world.acts import (
    attempts,
    codes,
    exams,
    learning,
    logins,
    machines,
    papers,
    people,
    programs,
    seats,
)

__all__ = [
    "attempts",
    "codes",
    "exams",
    "learning",
    "logins",
    "machines",
    "papers",
    "people",
    "programs",
    "seats",
]
