"""When the units of a cohort open, in the staff workplace."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import DomainError
from accounts.scoping import may
from courses.enums import CohortState
from courses.errors import CohortClosed, UnitNotInCohort
from courses.forms import CourseReleaseForm, UnitReleaseForm
from courses.queries.release_plan import PlannedCourse, PlannedUnit, ReleasePlan, release_plan
from courses.services.releases import release_course, release_unit
from courses.viewsets.closing import CohortActView


class ReleaseView(CohortActView):
    select_related = ("program", "center", "content_version")

    @cached_property
    def plan(self) -> ReleasePlan:
        return release_plan(self.cohort)

    def next_url(self) -> str:
        return reverse(self.viewset.get_url_name("units"), args=[self.cohort.pk])

    @property
    def refusal(self) -> DomainError | None:
        return CohortClosed() if self.cohort.state == CohortState.CLOSED else None


class UnitReleasesView(ReleaseView):
    """When each unit opens, for all who see the cohort; for those who plan its classes a form for each course."""

    template_name = "courses/admin/unit_releases.html"
    page_title = gettext_lazy("When units open")
    form_class = CourseReleaseForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_release:
            raise Http404
        return super().post(request, *args, **kwargs)

    @property
    def may_release(self) -> bool:
        return may(self.request.user, self.viewset.acts["release"], on=self.cohort)

    def carry_out(self, form: CourseReleaseForm) -> str:
        course_key, day = form.cleaned_data["course"], form.cleaned_data["day"]
        release_course(cohort_id=self.cohort.pk, course_key=course_key, day=day, by=self.request.user)
        facts = {"course": next(course.title for course in self.plan.courses if course.key == course_key)}
        if day is None:
            return _("The units of “%(course)s” have no date any more.") % facts
        return _("When the units of “%(course)s” open is saved.") % facts

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(plan=self.plan, refusal=self.refusal, **kwargs)
        sent = context["form"]
        # Keys that are none, as a changed page may send them, belong to no form below.
        courses = [(course, self._form_of(course, sent)) for course in self.plan.courses]
        is_changeable = self.may_release and not self.refusal
        return context | {"courses": courses, "is_changeable": is_changeable}

    def _form_of(self, course: PlannedCourse, sent: CourseReleaseForm) -> CourseReleaseForm:
        """The form that was sent, with what was wrong, at its own course."""
        if sent.is_bound and str(course.key) == sent["course"].value():
            return sent
        facts = {"course": course.key, "day": course.day}
        return CourseReleaseForm(initial=facts, auto_id=f"{course.key}-%s")


class UnitReleaseView(ReleaseView):
    template_name = "courses/admin/unit_release.html"
    page_title = gettext_lazy("When a unit opens")
    form_class = UnitReleaseForm

    @property
    def unit_key(self) -> UUID:
        key: UUID = self.kwargs["unit"]
        return key

    @cached_property
    def unit(self) -> PlannedUnit | None:
        """None where neither the content nor a row has it."""
        return self.plan.unit(self.unit_key)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "units": self._units_to_wait_for()}

    def _units_to_wait_for(self) -> list[tuple[str, str]]:
        """The other required units, and what was chosen when it was one of them."""
        taught = (unit for course in self.plan.courses for unit in course.units)
        choices = {
            str(unit.key): unit.title for unit in taught if unit.is_required and unit.key != self.unit_key
        }
        earlier = [unit for unit in self.unit.after if str(unit.key) not in choices] if self.unit else []
        label = _("%(unit)s (not asked for any more)")
        return [*choices.items(), *((str(unit.key), label % {"unit": unit.title}) for unit in earlier)]

    def get_initial(self) -> dict[str, Any]:
        if self.unit is None:
            return {}
        return {"opens_at": self.unit.opens_at, "after": [str(unit.key) for unit in self.unit.after]}

    def carry_out(self, form: UnitReleaseForm) -> str:
        typed = form.cleaned_data
        release_unit(
            cohort_id=self.cohort.pk,
            unit_key=self.unit_key,
            opens_at=typed["opens_at"],
            after=list(map(UUID, typed["after"])),
            by=self.request.user,
        )
        return _("When “%(unit)s” opens is saved.") % {"unit": self.unit.title if self.unit else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            unit=self.unit,
            is_gone=self.unit in self.plan.gone,
            refusal=self.refusal or (None if self.unit else UnitNotInCohort()),
            **kwargs,
        )
