from insights.models.publications import PublicFigure, PublicQuarter
from insights.models.snapshots import (
    LAST_DAY,
    EnrollmentRisk,
    EnrollmentSpan,
    FigureSnapshot,
    Snapshot,
    SnapshotQuerySet,
)

__all__ = [
    "LAST_DAY",
    "EnrollmentRisk",
    "EnrollmentSpan",
    "FigureSnapshot",
    "PublicFigure",
    "PublicQuarter",
    "Snapshot",
    "SnapshotQuerySet",
]
