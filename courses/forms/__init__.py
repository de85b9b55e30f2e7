from courses.forms.attendance import AttendanceSheetForm
from courses.forms.catalog import AppliedFilter, CatalogFilterForm
from courses.forms.cohorts import (
    ChangeCohortForm,
    ClassSessionForm,
    CloseCohortForm,
    CompletionRuleForm,
    EnrollForm,
    OpenCohortForm,
    ReasonForm,
    WithdrawForm,
)
from courses.forms.levels import SkillLevelForm
from courses.forms.progress import ProgressReport, ReportUnreadable
from courses.forms.seats import GiveSeatBackForm

__all__ = [
    "AppliedFilter",
    "AttendanceSheetForm",
    "CatalogFilterForm",
    "ChangeCohortForm",
    "ClassSessionForm",
    "CloseCohortForm",
    "CompletionRuleForm",
    "EnrollForm",
    "GiveSeatBackForm",
    "OpenCohortForm",
    "ProgressReport",
    "ReasonForm",
    "ReportUnreadable",
    "SkillLevelForm",
    "WithdrawForm",
]
