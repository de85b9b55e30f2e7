"""What the page of a person in the staff workplace shows of study and seats."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Act
from accounts.models import Person, User
from accounts.scoping import fenced
from accounts.scoping.people import MOST_ROWS, Cell, PersonTable, register_person_table
from accounts.services.formatting import format_date
from courses.models import Enrollment, SeatNotice


@register_person_table
def enrollments_of_person(person: Person, user: User) -> PersonTable:
    """Where the person studies and studied: each leads to its units, attendance and scores."""
    everywhere = Enrollment.objects.filter(person=person)
    visible = fenced(everywhere, user=user, act=Act.VIEW_COHORTS)
    rows = visible.select_related("cohort__program", "cohort__center").order_by("-enrolled_at")[:MOST_ROWS]
    return PersonTable(
        title=_("Enrollments"),
        headings=(_("Cohort"), _("Program"), _("Center"), _("Enrolled on"), _("State")),
        rows=[
            (
                Cell(enrollment.cohort.code, reverse("enrollment:inspect", args=[enrollment.pk])),
                Cell(enrollment.cohort.program.title),
                Cell(enrollment.cohort.center),
                Cell(format_date(timezone.localdate(enrollment.enrolled_at))),
                Cell(enrollment.get_state_display()),
            )
            for enrollment in rows
        ],
        elsewhere=everywhere.exclude(pk__in=visible.values("pk")).count(),
    )


@register_person_table
def seat_notices_of_person(person: Person, user: User) -> PersonTable:
    """What the person was told about seats, and whether it reached them."""
    everywhere = SeatNotice.objects.filter(person=person)
    visible = fenced(everywhere, user=user, act=Act.VIEW_COHORTS)
    rows = visible.select_related("cohort").order_by("-pk")[:MOST_ROWS]
    return PersonTable(
        title=_("Messages about seats"),
        headings=(_("What"), _("Cohort"), _("Written on"), _("State")),
        rows=[
            (
                Cell(notice.get_kind_display()),
                Cell(notice.cohort.code),
                Cell(format_date(timezone.localdate(notice.created_at))),
                Cell(notice.get_state_display()),
            )
            for notice in rows
        ],
        elsewhere=everywhere.exclude(pk__in=visible.values("pk")).count(),
    )
