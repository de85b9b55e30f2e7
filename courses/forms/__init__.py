from courses.forms.attendance import AttendanceSheetForm
from courses.forms.catalog import AppliedFilter, CatalogFilterForm
from courses.forms.cohorts import (
    ChangeCohortForm,
    ClassSessionForm,
    CompletionRuleForm,
    EnrollForm,
    OpenCohortForm,
    WithdrawForm,
)
from courses.forms.levels import SkillLevelForm
from courses.forms.progress import ProgressReport, ReportUnreadable

__all__ = [
    "AppliedFilter",
    "AttendanceSheetForm",
    "CatalogFilterForm",
    "ChangeCohortForm",
    "ClassSessionForm",
    "CompletionRuleForm",
    "EnrollForm",
    "OpenCohortForm",
    "ProgressReport",
    "ReportUnreadable",
    "SkillLevelForm",
    "WithdrawForm",
]
