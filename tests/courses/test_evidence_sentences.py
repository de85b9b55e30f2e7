"""What a clause says is missing is what is missing."""

from django.utils.translation import override

from courses.clauses import ClauseKind
from courses.queries.requirements import Requirement


def test_an_attendance_that_is_high_enough_so_far_shows_the_sessions_to_come():
    early = Requirement(ClauseKind.ATTENDANCE, needed=75, reached=100, met=False, upcoming=3)
    low = Requirement(ClauseKind.ATTENDANCE, needed=75, reached=50, met=False, upcoming=3)

    assert "still to come" in _in_english(early)
    assert "75" not in _in_english(early)
    assert "at least 75" in _in_english(low)


def _in_english(requirement: Requirement) -> str:
    with override("en"):
        return requirement.sentence
