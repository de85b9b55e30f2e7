"""Reads: who studies what, how far they are and what is left to do."""

from courses.queries.closing import Outcome, obstacle_to_reopening, outcomes_of_closing, register_obstacle
from courses.queries.enrollments import (
    active_enrollment,
    enrollments_in,
    enrollments_of,
    open_cohorts,
    readable_enrollment,
    sessions_of,
)
from courses.queries.evidence import (
    AttendanceEvidence,
    Evidence,
    Requirement,
    ScoreEvidence,
    UnitsEvidence,
    evidence_of,
    requirements,
)
from courses.queries.outline import OutlineUnit, UnitState, outline, outlines, percent_of, progress_percent
from courses.queries.papers import Paper, papers_of, register_papers
from courses.queries.records import UnitRecord, records_of
from courses.queries.timetable import teachers_of
from courses.queries.videos import (
    Place,
    is_shown_somewhere,
    places_of,
    videos_taught_to,
    videos_taught_under,
)

__all__ = [
    "AttendanceEvidence",
    "Evidence",
    "Outcome",
    "OutlineUnit",
    "Paper",
    "Place",
    "Requirement",
    "ScoreEvidence",
    "UnitRecord",
    "UnitState",
    "UnitsEvidence",
    "active_enrollment",
    "enrollments_in",
    "enrollments_of",
    "evidence_of",
    "is_shown_somewhere",
    "obstacle_to_reopening",
    "open_cohorts",
    "outcomes_of_closing",
    "outline",
    "outlines",
    "papers_of",
    "percent_of",
    "places_of",
    "progress_percent",
    "readable_enrollment",
    "records_of",
    "register_obstacle",
    "register_papers",
    "requirements",
    "sessions_of",
    "teachers_of",
    "videos_taught_to",
    "videos_taught_under",
]
