"""Withdrawing and transferring many people of a cohort at once."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, ngettext

from accounts.errors import DomainError
from accounts.scoping.bulk_acts import BulkActView
from accounts.services.formatting import format_number
from courses.enums import EnrollmentState
from courses.errors import CohortFull, EnrollmentNotActive, WithdrewThere
from courses.forms.cohorts import ReasonForm
from courses.forms.workspace import TargetCohortForm, WithdrawManyForm
from courses.models import Cohort, Enrollment
from courses.queries.transfers import cohorts_open_to, obstacle_to_transfer
from courses.queries.workspace.selection import chosen_in, mark_of, selection_in
from courses.queries.workspace.workspace import OF_A_COHORT
from courses.services.enrollments import withdraw
from courses.services.transfers import transfer


class ManyEnrollmentsView(BulkActView):
    """An act on chosen enrollments of a cohort."""

    model = Cohort
    select_related = OF_A_COHORT
    header_icon = "group"

    @property
    def cohort(self) -> Cohort:
        cohort: Cohort = self.row
        return cohort

    @cached_property
    def selected(self) -> QuerySet[Enrollment]:
        return chosen_in(self.cohort, selection_in(self.request.GET))

    def chosen(self) -> QuerySet[Enrollment]:
        return self.selected

    def rows(self, keys: Iterable[int]) -> QuerySet[Enrollment]:
        # Not of this cohort alone: who was transferred meanwhile is named, and left alone by the mark.
        return (
            Enrollment.objects.filter(pk__in=keys)
            .filter(cohort__center=self.cohort.center_id)
            .select_related("person", "cohort")
        )

    def mark_of(self, row: Enrollment) -> str:
        return mark_of(row)

    def name_of(self, row: Enrollment) -> str:
        return str(row.person)

    def refusals(self, rows: Sequence[Enrollment]) -> dict[int, DomainError]:
        return {row.pk: EnrollmentNotActive() for row in rows if row.state != EnrollmentState.ACTIVE}

    def back_url(self) -> str:
        return reverse("cohort:people", args=[self.cohort.pk])


class WithdrawManyView(ManyEnrollmentsView):
    page_title = gettext_lazy("Withdraw")
    form_class = WithdrawManyForm
    submit_label = gettext_lazy("Withdraw from the cohort")
    explanation = gettext_lazy(
        "Their lessons close, and their seats go to the next on the waiting list. What they did stays on record."
    )

    def act_on_row(self, row: Enrollment, form: WithdrawManyForm) -> None:
        withdraw(enrollment_id=row.pk, by=self.request.user, **form.cleaned_data)

    def done_message(self, count: int) -> str:
        return ngettext("%(count)s trainee is withdrawn.", "%(count)s trainees are withdrawn.", count) % {
            "count": format_number(count)
        }


class TransferManyView(ManyEnrollmentsView):
    page_title = gettext_lazy("Transfer to another cohort")
    choice_form_class = TargetCohortForm
    form_class = ReasonForm
    submit_label = gettext_lazy("Transfer")
    explanation = gettext_lazy(
        "Units, marks and attendance so far stay with each trainee and count in the other cohort. The seats here go to the next on "
        "the waiting list, and each trainee is told."
    )

    def get_choice_form_kwargs(self) -> dict[str, Any]:
        return {"cohorts": cohorts_open_to(self.cohort, self.request.user)}

    @property
    def target(self) -> Cohort:
        target: Cohort = self.choice.cleaned_data["to"]
        return target

    def refusals(self, rows: Sequence[Enrollment]) -> dict[int, DomainError]:
        """In the order of the list: who comes first has the first free seat."""
        refused = super().refusals(rows)
        people = [row.person_id for row in rows]
        there = set(self.target.enrollments.filter(person__in=people).values_list("person", flat=True))
        free = self.target.seats_free
        for row in rows:
            if row.pk in refused:
                continue
            if row.person_id in there:
                refused[row.pk] = WithdrewThere()
            elif obstacle := obstacle_to_transfer(row):
                refused[row.pk] = obstacle
            elif free <= 0:
                refused[row.pk] = CohortFull()
            else:
                free -= 1
        return refused

    def act_on_row(self, row: Enrollment, form: ReasonForm) -> None:
        transfer(
            enrollment_id=row.pk,
            to_cohort_id=self.target.pk,
            reason=form.cleaned_data["reason"],
            by=self.request.user,
        )

    def done_message(self, count: int) -> str:
        return ngettext(
            "%(count)s trainee goes on in cohort %(cohort)s.",
            "%(count)s trainees go on in cohort %(cohort)s.",
            count,
        ) % {"count": format_number(count), "cohort": self.target.code}
