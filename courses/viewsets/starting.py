"""Starting the teaching of a cohort: the page says what follows before it asks, and afterwards what happened."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.errors import DomainError
from accounts.services.formatting import format_date, localize_digits
from courses.enums import CohortState, EnrollmentState, HoldState, WaitingState
from courses.errors import CohortClosed, CohortRunning
from courses.services.cohorts import start_cohort
from courses.viewsets.closing import CohortActView


class StartCohortView(CohortActView):
    template_name = "courses/admin/start_cohort.html"
    page_title = gettext_lazy("Start the cohort")
    form_class = forms.Form

    def carry_out(self, form: forms.Form) -> str:
        cohort = start_cohort(cohort_id=self.cohort.pk, by=self.request.user)
        learning = cohort.enrollments.filter(state=EnrollmentState.ACTIVE).count()
        begun = ngettext(
            "Teaching of cohort %(code)s has begun, with %(number)s trainee.",
            "Teaching of cohort %(code)s has begun, with %(number)s trainees.",
            learning,
        ) % {"code": cohort.code, "number": localize_digits(learning)}
        if cohort.takes_people_today:
            day = format_date(cohort.last_entry)
            return f"{begun} {_('Free seats are given until %(day)s.') % {'day': day}}"
        return f"{begun} {_('Enrollment is closed.')}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cohort, now = self.cohort, timezone.now()
        today, last = timezone.localdate(now), cohort.last_replacement
        not_over = cohort.sessions.filter(canceled_at=None, ends_at__gt=now).order_by("starts_at", "pk")
        to_come = not_over.filter(starts_at__gt=now)
        return super().get_context_data(
            refusal=self._refusal(),
            learning=cohort.enrollments.filter(state=EnrollmentState.ACTIVE).count(),
            held_now=not_over.filter(starts_at__lte=now).first(),
            next_session=to_come.select_related("venue").first(),
            to_come=to_come.count(),
            has_instructors=cohort.instructors.exists(),
            is_early=cohort.starts_on > today,
            seats_until=last if last and last >= today else None,
            waiting=cohort.waiting.filter(state=WaitingState.WAITING).count()
            + cohort.holds.filter(state=HoldState.HELD).count(),
            **kwargs,
        )

    def _refusal(self) -> DomainError | None:
        refusals = {CohortState.CLOSED: CohortClosed, CohortState.RUNNING: CohortRunning}
        refusal = refusals.get(CohortState(self.cohort.state))
        return refusal() if refusal else None
