"""Queries of typed sheets: which is open, and where its two readings differ."""

from dataclasses import dataclass

from courses.enums import AttendanceStatus
from courses.models import AttendanceRecord, ClassSession, Enrollment, PaperMark, PaperSheet
from courses.models.paper_sheets import OPEN_STATES


@dataclass(frozen=True, slots=True)
class Mark:
    """What a line says. An empty status: nothing."""

    status: str = ""
    minutes: int = 0

    @property
    def label(self) -> str:
        return str(AttendanceStatus(self.status).label) if self.status else ""


@dataclass(frozen=True, slots=True)
class TypedLine:
    """One line of a sheet that was typed twice, and what is on record by now."""

    enrollment: Enrollment
    first: Mark
    second: Mark
    recorded: Mark

    @property
    def is_agreed(self) -> bool:
        """Both read the same, and nothing else is on record. A line that both found empty says nothing."""
        return self.first == self.second and (not self.first.status or self.recorded in {Mark(), self.first})


def open_sheet(session: ClassSession) -> PaperSheet | None:
    sheets = PaperSheet.objects.filter(session=session, state__in=OPEN_STATES)
    return sheets.select_related("first_by", "second_by").first()


def typed_lines(sheet: PaperSheet) -> list[TypedLine]:
    """The lines of a sheet by name. Two queries."""
    current = AttendanceRecord.objects.filter(session=sheet.session_id, is_current=True).order_by()
    recorded = {row.enrollment_id: Mark(row.status, row.minutes) for row in current}
    marks = PaperMark.objects.filter(sheet=sheet).select_related("enrollment__person")
    return [
        TypedLine(
            enrollment=mark.enrollment,
            first=Mark(mark.first_status, mark.first_minutes),
            second=Mark(mark.second_status, mark.second_minutes),
            recorded=recorded.get(mark.enrollment_id, Mark()),
        )
        for mark in marks
    ]
