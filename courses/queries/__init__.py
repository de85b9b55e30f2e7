"""Reads: who studies what, how far they are and what is left to do."""

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
    "OutlineUnit",
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
    "open_cohorts",
    "outline",
    "outlines",
    "percent_of",
    "places_of",
    "progress_percent",
    "readable_enrollment",
    "records_of",
    "requirements",
    "sessions_of",
    "teachers_of",
    "videos_taught_to",
    "videos_taught_under",
]
