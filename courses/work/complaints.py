"""Complaints that wait for an answer."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping.work import Work, WorkItem
from accounts.services.formatting import format_date
from courses.models import Complaint
from courses.queries.complaints import complaints_waiting_for


class ComplaintsWaiting(Work):
    """The earliest due first. Whom one is about has no line of it."""

    name = "complaints"
    title = gettext_lazy("Complaints that wait for an answer")
    help = gettext_lazy("Take one, ask the citizen if something is unclear, then answer.")
    roles = frozenset({RoleName.CENTER_MANAGER, RoleName.MINISTRY_OFFICER, RoleName.AUDITOR})
    act = Act.VIEW_COMPLAINTS
    order = 20

    def rows(self, user: User) -> QuerySet[Complaint]:
        return complaints_waiting_for(user)

    def line(self, row: Complaint) -> WorkItem:
        return WorkItem(
            str(row),
            reverse("complaints:inspect", args=[row.pk]),
            row.get_kind_display(),
            _("due on %(day)s") % {"day": format_date(row.due_on)} if row.due_on else "",
            is_code=True,
        )
