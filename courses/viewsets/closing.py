"""Closing and reopening a cohort, and its content: each act has a page that shows the consequences before it asks for confirmation."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Act
from accounts.scoping import may_everywhere
from accounts.scoping.act_forms import ActFormView
from courses.enums import CohortState, EnrollmentState
from courses.errors import CohortClosed, CohortNotClosed
from courses.forms import CloseCohortForm, ReasonForm
from courses.models import Cohort
from courses.queries.closing import (
    loose_ends_of,
    obstacle_to_closing,
    obstacle_to_reopening,
    outcomes_of_closing,
)
from courses.queries.content import corrections_of
from courses.queries.doubts import in_doubt
from courses.queries.pinning import content_today
from courses.queries.waiting import open_sheets
from courses.services.closing import close_cohort, reopen_cohort
from courses.services.content import take_newest_content


class CohortActView(ActFormView):
    model = Cohort
    select_related: tuple[str, ...] = ("program", "center")
    header_icon = "group"

    @property
    def cohort(self) -> Cohort:
        cohort: Cohort = self.row
        return cohort

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cohort=self.cohort, **kwargs)


class CloseCohortView(CohortActView):
    """Who would complete, who would not and why; then a reason and a confirmation of exactly that list."""

    template_name = "courses/admin/close_cohort.html"
    page_title = gettext_lazy("Close the cohort")
    form_class = CloseCohortForm

    def carry_out(self, form: CloseCohortForm) -> str:
        typed = form.cleaned_data
        cohort = close_cohort(
            cohort_id=self.cohort.pk, reason=typed["reason"], failing=typed["failing"], by=self.request.user
        )
        return _("Cohort %(code)s is closed.") % {"code": cohort.code}

    def form_invalid(self, form: CloseCohortForm) -> HttpResponse:
        """Confirm the list of now, not the one that was posted."""
        posted = self.request.POST.copy()
        posted["failing"] = self._keys()
        posted.pop("is_confirmed", None)
        form.data = posted
        return super().form_invalid(form)

    def get_initial(self) -> dict[str, Any]:
        return {"failing": self._keys()}

    @cached_property
    def outcomes(self) -> list[Any]:
        return outcomes_of_closing(self.cohort)

    def _keys(self) -> str:
        return ",".join(str(row.enrollment.pk) for row in self.outcomes if row.fails)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        enrollments = self.cohort.enrollments
        return super().get_context_data(
            refusal=CohortClosed()
            if self.cohort.state == CohortState.CLOSED
            else obstacle_to_closing(self.cohort),
            loose_ends=loose_ends_of(self.cohort),
            completing=[row for row in self.outcomes if row.completes],
            failing=[row for row in self.outcomes if row.fails],
            waiting=[row for row in self.outcomes if row.waits and not row.completes],
            completed=enrollments.filter(state=EnrollmentState.COMPLETED).count(),
            doubtful=list(in_doubt(enrollments.all())),
            open_sheets=open_sheets().filter(cohort=self.cohort),
            to_come=self.cohort.sessions.for_attendance()
            .filter(canceled_at__isnull=True, ends_at__gt=timezone.now())
            .count(),
            **kwargs,
        )


class TakeContentView(CohortActView):
    """What was published since the cohort was pinned to its content, and the move to it."""

    select_related = ("program", "center", "content_version")
    template_name = "courses/admin/take_content.html"
    page_title = gettext_lazy("Content of the cohort")
    form_class = ReasonForm

    def carry_out(self, form: ReasonForm) -> str:
        cohort = take_newest_content(
            cohort_id=self.cohort.pk, reason=form.cleaned_data["reason"], by=self.request.user
        )
        return _("Cohort %(code)s studies %(version)s of the content now.") % {
            "code": cohort.code,
            "version": cohort.content_version,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            refusal=CohortClosed() if self.cohort.state == CohortState.CLOSED else None,
            today=content_today(self.cohort),
            corrections=corrections_of(self.cohort, at_most=20),
            may_correct=may_everywhere(self.request.user, Act.CORRECT_CONTENT),
            **kwargs,
        )


class ReopenCohortView(CohortActView):
    template_name = "courses/admin/reopen_cohort.html"
    page_title = gettext_lazy("Reopen the cohort")
    form_class = ReasonForm

    def carry_out(self, form: ReasonForm) -> str:
        cohort = reopen_cohort(
            cohort_id=self.cohort.pk, reason=form.cleaned_data["reason"], by=self.request.user
        )
        return _("Cohort %(code)s goes on.") % {"code": cohort.code}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_closed = self.cohort.state == CohortState.CLOSED
        return super().get_context_data(
            refusal=obstacle_to_reopening(self.cohort) if is_closed else CohortNotClosed(),
            failed=self.cohort.enrollments.filter(state=EnrollmentState.FAILED).select_related("person"),
            **kwargs,
        )
