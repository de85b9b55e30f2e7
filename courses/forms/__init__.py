from courses.forms.catalog import AppliedFilter, CatalogFilterForm
from courses.forms.progress import ProgressReport, ReportUnreadable

__all__ = ["AppliedFilter", "CatalogFilterForm", "ProgressReport", "ReportUnreadable"]
