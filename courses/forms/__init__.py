from courses.forms.attendance import AttendanceSheetForm
from courses.forms.catalog import AppliedFilter, CatalogFilterForm
from courses.forms.cohorts import (
    CancelSessionForm,
    ChangeCohortForm,
    ClassSessionForm,
    CloseCohortForm,
    CorrectScoreForm,
    OpenCohortForm,
    ReasonForm,
    UrgentCorrectionForm,
)
from courses.forms.imports import UploadListForm
from courses.forms.levels import HolidayForm, SkillLevelForm
from courses.forms.progress import ProgressReport, ReportUnreadable
from courses.forms.releases import CourseReleaseForm, UnitReleaseForm
from courses.forms.seats import (
    EnrollForm,
    GiveSeatBackForm,
    HoldSeatForm,
    LeaveListForm,
    ReleaseHoldForm,
    TransferForm,
    WaitForm,
    WithdrawForm,
)

__all__ = [
    "AppliedFilter",
    "AttendanceSheetForm",
    "CancelSessionForm",
    "CatalogFilterForm",
    "ChangeCohortForm",
    "ClassSessionForm",
    "CloseCohortForm",
    "CorrectScoreForm",
    "CourseReleaseForm",
    "EnrollForm",
    "GiveSeatBackForm",
    "HoldSeatForm",
    "HolidayForm",
    "LeaveListForm",
    "OpenCohortForm",
    "ProgressReport",
    "ReasonForm",
    "ReleaseHoldForm",
    "ReportUnreadable",
    "SkillLevelForm",
    "TransferForm",
    "UnitReleaseForm",
    "UploadListForm",
    "UrgentCorrectionForm",
    "WaitForm",
    "WithdrawForm",
]
