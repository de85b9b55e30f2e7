"""Certificates in force that a corrected key touches, for the officer of the center that issued them."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping.work import Work, WorkItem
from accounts.services.formatting import format_since
from assessment.queries.touched import enrollments_touched, not_of_oneself
from courses.models import Enrollment


class TouchedCertificates(Work):
    name = "touched-certificates"
    title = gettext_lazy("Certificates in force that a corrected key touches")
    help = gettext_lazy("Read what changed, and say what follows for the certificate.")
    roles = frozenset({RoleName.CERTIFYING_OFFICER})
    act = Act.APPROVE_CERTIFICATES
    order = 31

    def rows(self, user: User) -> QuerySet[Enrollment]:
        rows = not_of_oneself(enrollments_touched(), user)
        return self.reach(rows, user).select_related("person", "cohort__center")

    def line(self, row: Any) -> WorkItem:
        return WorkItem(
            str(row.person),
            reverse("touched_certificate", args=[row.pk]),
            f"{row.cohort} · {row.cohort.center}",
            format_since(row.touched_at),
        )
