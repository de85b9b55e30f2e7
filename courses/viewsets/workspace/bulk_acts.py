"""Withdrawing, transferring, enrolling elsewhere and assessing many people of a cohort at once."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy, ngettext

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.scoping import fenced
from accounts.scoping.bulk_acts import BulkActView, UndoManyView
from accounts.scoping.hands import hands_shown, people_shown
from accounts.services.formatting import format_number
from courses.clauses import Task
from courses.enums import EnrollmentState
from courses.errors import (
    CohortFull,
    EnrollmentNotActive,
    OwnMark,
    TaskNotInRule,
    TaughtByAssessor,
    WithdrewThere,
)
from courses.forms.cohorts import ReasonForm
from courses.forms.rules import PracticalResultForm
from courses.forms.workspace import NextCohortForm, TargetCohortForm, WithdrawManyForm
from courses.models import Cohort, Enrollment
from courses.queries.timetable import teachers_of, teachers_of_enrollment
from courses.queries.transfers import cohorts_after, cohorts_open_to, obstacle_to_transfer
from courses.queries.workspace.selection import chosen_in, mark_of, selection_in
from courses.queries.workspace.workspace import OF_A_COHORT
from courses.services.enrolling_many import check_many
from courses.services.enrollments import enroll, reinstate, withdraw
from courses.services.practice import record_practical_result
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

    def rows_after(self, keys: Iterable[int]) -> QuerySet[Enrollment]:
        """Also in another center, where one may enroll, too."""
        there = Enrollment.objects.filter(pk__in=keys).select_related("person", "cohort")
        return fenced(there, user=self.request.user, act=Act.ENROLL)

    def mark_of(self, row: Enrollment) -> str:
        return mark_of(row)

    def name_of(self, row: Enrollment) -> str:
        return str(row.person)

    def refusals(self, rows: Sequence[Enrollment]) -> dict[int, DomainError]:
        return {row.pk: EnrollmentNotActive() for row in rows if row.state != EnrollmentState.ACTIVE}

    def back_url(self) -> str:
        return reverse("cohort:people", args=[self.cohort.pk])


UNDO_NOTE = gettext_lazy("You can undo it for 15 minutes, for those of whom nothing changed since.")


class WithdrawManyView(ManyEnrollmentsView):
    undo_name = "undo_withdraw_many"
    undo_note = UNDO_NOTE
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


class UndoManyEnrollmentsView(UndoManyView, ManyEnrollmentsView):
    """The people may be in another cohort now."""

    def rows(self, keys: Iterable[int]) -> QuerySet[Enrollment]:
        return self.rows_after(keys).order_by("person__folded_name", "person_id")


class UndoWithdrawManyView(UndoManyEnrollmentsView):
    page_title = gettext_lazy("Undo the withdrawal")
    submit_label = gettext_lazy("Take them up again")
    explanation = gettext_lazy(
        "They go on as before, with what they did. Who has no free seat any more, because the next in line took it, is left as it is."
    )

    def act_on_row(self, row: Enrollment, form: Any) -> None:
        reinstate(enrollment_id=row.pk, reason=gettext("Undone"), by=self.request.user)

    def done_message(self, count: int) -> str:
        return ngettext("%(count)s trainee goes on.", "%(count)s trainees go on.", count) % {
            "count": format_number(count)
        }


class UndoTransferManyView(UndoManyEnrollmentsView):
    page_title = gettext_lazy("Undo the transfer")
    submit_label = gettext_lazy("Transfer them back")
    explanation = gettext_lazy(
        "They go on here as before, and each is told. The seats there go to the next in line."
    )

    def act_on_row(self, row: Enrollment, form: Any) -> None:
        transfer(
            enrollment_id=row.pk,
            to_cohort_id=self.cohort.pk,
            reason=gettext("Undone"),
            by=self.request.user,
        )

    def done_message(self, count: int) -> str:
        return ngettext(
            "%(count)s trainee goes on in cohort %(cohort)s.",
            "%(count)s trainees go on in cohort %(cohort)s.",
            count,
        ) % {"count": format_number(count), "cohort": self.cohort.code}


class TransferManyView(ManyEnrollmentsView):
    undo_name = "undo_transfer_many"
    undo_note = UNDO_NOTE
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


class EnrollManyView(ManyEnrollmentsView):
    """Gives people of this cohort, whatever became of them here, seats in another one."""

    page_title = gettext_lazy("Enroll in another cohort")
    choice_form_class = NextCohortForm
    form_class = Form
    submit_label = gettext_lazy("Enroll")
    explanation = gettext_lazy(
        "Each gets a seat in the other cohort, by its rules and in the order of the list, until none is left. Nothing changes in this "
        "cohort."
    )

    def get_choice_form_kwargs(self) -> dict[str, Any]:
        return {"cohorts": cohorts_after(self.cohort, self.request.user)}

    @property
    def target(self) -> Cohort:
        target: Cohort = self.choice.cleaned_data["to"]
        return target

    def refusals(self, rows: Sequence[Enrollment]) -> dict[int, DomainError]:
        people = [row.person_id for row in rows]
        refused, _seats = check_many(cohort_id=self.target.pk, person_ids=people, by=self.request.user)
        return {row.pk: refused[row.person_id] for row in rows if row.person_id in refused}

    def act_on_row(self, row: Enrollment, form: Form) -> None:
        enroll(person_id=row.person_id, cohort_id=self.target.pk, by=self.request.user)

    def done_message(self, count: int) -> str:
        return ngettext(
            "%(count)s trainee has a seat in cohort %(cohort)s.",
            "%(count)s trainees have a seat in cohort %(cohort)s.",
            count,
        ) % {"count": format_number(count), "cohort": self.target.code}


class AssessManyView(ManyEnrollmentsView):
    """Records the same result in a practical task for people who showed the same. Different scores: a list of results."""

    page_title = gettext_lazy("Record a practical result")
    form_class = PracticalResultForm
    submit_label = gettext_lazy("Record for all of them")
    explanation = gettext_lazy(
        "Each of them gets this result. The newest result in a task counts. Where the scores differ, import a list of results."
    )

    @property
    def tasks(self) -> tuple[Task, ...]:
        rule = self.cohort.completion_rule
        return rule.asks.practice.tasks if rule else ()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "tasks": self.tasks}

    def refusals(self, rows: Sequence[Enrollment]) -> dict[int, DomainError]:
        """As `record_practical_result`, whatever is typed. One query, and two for each who was transferred."""
        user = self.request.user
        hands, people = hands_shown(user), people_shown(user)
        taught = not hands.isdisjoint(teachers_of(self.cohort))
        refused: dict[int, DomainError] = {}
        for row in rows:
            if row.state == EnrollmentState.WITHDRAWN:
                refused[row.pk] = EnrollmentNotActive()
            elif not self.tasks:
                refused[row.pk] = TaskNotInRule()
            elif row.person_id in people:
                refused[row.pk] = OwnMark()
            elif taught or (row.transferred_at and not hands.isdisjoint(teachers_of_enrollment(row))):
                refused[row.pk] = TaughtByAssessor()
        return refused

    def act_on_row(self, row: Enrollment, form: PracticalResultForm) -> None:
        typed = form.cleaned_data
        record_practical_result(
            enrollment_id=row.pk,
            task_code=typed["task"],
            score=typed["score"],
            passed=typed["passed"],
            remark=typed["remark"],
            by=self.request.user,
        )

    def done_message(self, count: int) -> str:
        return ngettext(
            "The result of %(count)s trainee is recorded.",
            "The results of %(count)s trainees are recorded.",
            count,
        ) % {"count": format_number(count)}
