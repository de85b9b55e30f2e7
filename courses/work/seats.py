"""Cohorts and seats, and what is missing of people who have one."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import Act, RoleName
from accounts.models import Person, User
from accounts.scoping.work import DeskWork, Work, WorkItem
from accounts.services.formatting import format_date, format_percent, format_since, localize_digits
from courses.models import Cohort
from courses.queries.seats import SeatGivenBack, seats_given_back
from courses.queries.waiting import (
    cohorts_to_close,
    cohorts_to_start,
    learners_without_document,
    learners_without_phone,
    minors_without_guardian,
    starting_with_free_seats,
    with_low_attendance,
)

MOST_SEATS = 200


class CohortsStarting(DeskWork):
    name = "starting"
    title = gettext_lazy("Free seats in cohorts that start this week")
    help = gettext_lazy("Register and enroll the people who wait.")
    act = Act.ENROLL
    order = 12

    def rows(self, user: User) -> QuerySet[Cohort]:
        return self.reach(starting_with_free_seats(), user).select_related("program", "center")

    def line(self, row: Any) -> WorkItem:
        free = ngettext("%(free)s seat free", "%(free)s seats free", row.free) % {
            "free": localize_digits(row.free)
        }
        return WorkItem(
            row.code,
            f"{reverse('desk')}?cohort={row.pk}",
            f"{row.program.title} · {free}",
            format_date(row.starts_on),
            also=[(gettext_lazy("Cohort"), reverse("cohort:inspect", args=[row.pk]))],
            is_code=True,
        )


class CohortsToStart(Work):
    name = "to-start"
    title = gettext_lazy("Cohorts that should have begun")
    help = gettext_lazy("Start them, change their days, or close what will not be held.")
    roles = frozenset({RoleName.CENTER_MANAGER})
    act = Act.MANAGE_COHORTS
    order = 28

    def rows(self, user: User) -> QuerySet[Cohort]:
        return self.reach(cohorts_to_start(), user).select_related("program", "center")

    def line(self, row: Cohort) -> WorkItem:
        return WorkItem(
            row.code,
            reverse("cohort:start", args=[row.pk]),
            f"{row.program.title} · {row.center}",
            _("first day %(date)s") % {"date": format_date(row.starts_on)},
            also=[
                (gettext_lazy("Change its days"), reverse("cohort:edit", args=[row.pk])),
                (gettext_lazy("Close it"), reverse("cohort:close", args=[row.pk])),
            ],
            is_code=True,
        )


class CohortsToClose(Work):
    name = "to-close"
    title = gettext_lazy("Cohorts to close")
    help = gettext_lazy(
        "Their last day is over. Closing ends every enrollment as completed or not completed."
    )
    roles = frozenset({RoleName.CENTER_MANAGER})
    act = Act.MANAGE_COHORTS
    order = 30

    def rows(self, user: User) -> QuerySet[Cohort]:
        return self.reach(cohorts_to_close(), user).select_related("program", "center")

    def line(self, row: Cohort) -> WorkItem:
        address = reverse("cohort:close", args=[row.pk])
        ended = _("ended on %(date)s") % {"date": format_date(row.ends_on)}
        return WorkItem(row.code, address, f"{row.program.title} · {row.center}", ended, is_code=True)


class LowAttendance(Work):
    name = "low-attendance"
    title = gettext_lazy("Running cohorts with too little attendance")
    help = gettext_lazy("Together their trainees attended less than the rule asks of each.")
    roles = frozenset({RoleName.CENTER_MANAGER})
    act = Act.MANAGE_COHORTS
    order = 45

    def rows(self, user: User) -> QuerySet[Cohort]:
        return self.reach(with_low_attendance(), user).select_related("program", "center")

    def line(self, row: Any) -> WorkItem:
        # The figure itself is on the page of the cohort.
        asked = _("the rule asks %(percent)s") % {"percent": format_percent(row.asked)}
        return WorkItem(
            row.code,
            reverse("cohort:risks", args=[row.pk]),
            f"{row.program.title} · {asked}",
            _("until %(date)s") % {"date": format_date(row.ends_on)},
            is_code=True,
        )


class SeatsGivenBack(Work):
    """Staff fill the seat, call, or note that nothing is to do."""

    name = "given-back"
    title = gettext_lazy("Seats that trainees gave back")
    help = gettext_lazy(
        "Fill the seat at the front desk, or call. On the page of the enrollment you can say that nothing is to do."
    )
    roles = frozenset({RoleName.REGISTRAR, RoleName.CENTER_MANAGER})
    act = Act.ENROLL
    order = 62

    def rows(self, user: User) -> Sequence[SeatGivenBack]:
        # Found the newest first, so that the oldest of very many are left out.
        return seats_given_back(user, at_most=MOST_SEATS)[::-1]

    def line(self, row: SeatGivenBack) -> WorkItem:
        enrollment = row.enrollment
        reason = f"{row.reason}: {row.words}" if row.words else row.reason
        return WorkItem(
            str(enrollment.person),
            reverse("enrollment:inspect", args=[enrollment.pk]),
            " · ".join(part for part in (str(enrollment.cohort), reason) if part),
            format_date(row.at),
            also=[(gettext_lazy("Fill the seat"), f"{reverse('desk')}?cohort={enrollment.cohort_id}")],
        )


class OfPeople(DeskWork):
    """What is missing of people who have a seat. The line leads to the form where it is written down."""

    act = Act.MANAGE_PEOPLE

    def lines(self, rows: Sequence[Any], user: User) -> list[WorkItem]:
        return [
            WorkItem(
                str(row), self.address_of(row), str(row.registered_at or ""), format_since(row.seated_at)
            )
            for row in rows
        ]

    def address_of(self, person: Person) -> str:
        return reverse("person:edit", args=[person.pk])

    def found(self, people: QuerySet[Person], user: User) -> QuerySet[Person]:
        # No one changes the own record.
        return self.reach(people, user).exclude(user=user).select_related("registered_at")


class WithoutPhone(OfPeople):
    name = "without-phone"
    title = gettext_lazy("Trainees without a mobile number")
    order = 63

    def rows(self, user: User) -> QuerySet[Person]:
        return self.found(learners_without_phone(), user)


class WithoutDocument(OfPeople):
    name = "without-document"
    title = gettext_lazy("Trainees without an identity document")
    order = 64

    def rows(self, user: User) -> QuerySet[Person]:
        return self.found(learners_without_document(), user)


class MinorsWithoutGuardian(OfPeople):
    """The front desk takes the consent, with the card of the trainee at hand."""

    name = "without-guardian"
    title = gettext_lazy("Trainees under 18, or of unknown age, without the consent of a guardian")
    help = gettext_lazy(
        "Take it, or the date of birth, at the front desk: type the number of the trainee's card there."
    )
    order = 14

    def rows(self, user: User) -> QuerySet[Person]:
        return self.found(minors_without_guardian(), user)

    def address_of(self, person: Person) -> str:
        return reverse("desk")

    def lines(self, rows: Sequence[Any], user: User) -> list[WorkItem]:
        pages = [[(gettext_lazy("Person"), reverse("person:inspect", args=[row.pk]))] for row in rows]
        found = zip(super().lines(rows, user), pages, strict=True)
        return [WorkItem(line.text, line.url, line.note, line.when, also=also) for line, also in found]
