"""Enrollments: the list, and the page of one: what was studied, attended and marked, what is left, and what was issued."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.widgets import HeaderButton

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping import may
from accounts.scoping.audit import InspectViewWithTrail
from accounts.scoping.viewsets import CenterViewSet
from courses.enums import CohortState, EnrollmentState, SessionKind
from courses.errors import EnrollmentNotActive
from courses.forms import (
    EnrollForm,
    WithdrawForm,
)
from courses.models import Cohort, Enrollment
from courses.queries.enrollments import sessions_of
from courses.queries.issued_documents import issued_documents_of
from courses.queries.marks import corrections_of
from courses.queries.records import records_of
from courses.queries.remarks import remarks_on
from courses.queries.requirements import requirements, title_of
from courses.queries.seats import is_to_settle
from courses.queries.transfers import stays_of
from courses.services.enrollments import enroll, withdraw
from courses.viewsets.doubts import ConfirmCompletionView, context_of_doubt
from courses.viewsets.marks import CorrectScoreView
from courses.viewsets.practice import PracticalResultView
from courses.viewsets.seats import (
    ReinstateView,
    SettleGivenBackView,
    TransferView,
)

# A trainee has a few dozen tasks at most, and seldom takes one again.
MOST_RESULTS = 100
STUDIED = ("person", "cohort__program__locale", "cohort__content_version", "cohort__completion_rule")


class EnrollmentInspectView(InspectViewWithTrail, generic.InspectView):
    template_name = "courses/admin/enrollment.html"

    @cached_property
    def header_buttons(self) -> list[Any]:
        buttons = [*super().header_buttons]
        enrollment = self.object
        is_active = enrollment.state == EnrollmentState.ACTIVE
        if is_active and may(self.request.user, Act.ENROLL, on=enrollment):
            address = reverse("enrollment:transfer", args=[enrollment.pk])
            buttons.append(
                HeaderButton(_("Transfer to another cohort"), url=address, icon_name="arrow-right")
            )
        is_over = enrollment.cohort.state == CohortState.CLOSED
        if (
            enrollment.state == EnrollmentState.WITHDRAWN
            and not is_over
            and may(self.request.user, Act.ENROLL, on=enrollment)
        ):
            address = reverse("enrollment:reinstate", args=[enrollment.pk])
            buttons.append(HeaderButton(_("Take the withdrawal back"), url=address, icon_name="undo"))
        rule = enrollment.cohort.completion_rule
        if (
            enrollment.state != EnrollmentState.WITHDRAWN
            and rule
            and rule.asks.practice.tasks
            and may(self.request.user, Act.ASSESS, on=enrollment)
        ):
            address = reverse("enrollment:practice", args=[enrollment.pk])
            buttons.append(HeaderButton(_("Practical assessment"), url=address, icon_name="clipboard-list"))
        offered = (make(self.request, enrollment) for make in hooks.get_hooks("register_enrollment_button"))
        return [*buttons, *(button for button in offered if button is not None)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        enrollment = Enrollment.objects.select_related(*STUDIED).get(pk=self.object.pk)
        user = self.request.user
        return super().get_context_data(
            enrollment=enrollment,
            # What apps above know about the trainee, as far as the reader may see it.
            facts=[
                fact
                for facts in hooks.get_hooks("register_enrollment_facts")
                for fact in facts(enrollment, user)
            ],
            may_see_person=may(user, Act.VIEW_PEOPLE, on=enrollment.person),
            **context_of_doubt(enrollment, user=user),
            to_settle=is_to_settle(enrollment) and may(user, Act.ENROLL, on=enrollment),
            clauses=requirements(enrollment),
            remarks=remarks_on([enrollment.pk]).get(enrollment.pk, ()),
            transfers=enrollment.transfers.select_related("from_cohort", "to_cohort"),
            units=list(_units(enrollment)),
            corrections=corrections_of(enrollment),
            practice=list(_practice(enrollment)),
            may_correct=may(user, Act.ASSESS, on=enrollment),
            attendance=list(_attendance(enrollment)),
            may_see_certificates=may(user, Act.VIEW_CERTIFICATES, on=enrollment),
            issued_documents=issued_documents_of(enrollment, user=user),
            **kwargs,
        )


def _units(enrollment: Enrollment) -> Iterator[dict[str, Any]]:
    waiting = enrollment.progress.filter(awaits_mark_since__isnull=False)
    awaited = dict(waiting.values_list("unit_key", "awaits_mark_since"))
    for record in records_of([enrollment])[enrollment.pk]:
        titles = record.titles
        title = titles.get(get_language() or "") or next(iter(titles.values()))
        yield {
            "title": title,
            "completed_on": record.completed_on,
            "score": record.score,
            "key": record.unit_key,
            "awaits_since": awaited.get(record.unit_key),
        }


def _practice(enrollment: Enrollment) -> Iterator[dict[str, Any]]:
    """The results in practical tasks, the newest first, also of tasks that the rule does not name any more."""
    rule = enrollment.cohort.completion_rule
    titles = {task.code: title_of(task.titles) for task in rule.asks.practice.tasks} if rule else {}
    for result in enrollment.practical_results.select_related("by")[:MOST_RESULTS]:
        yield {"title": titles.get(result.task_code, result.task_code), "result": result}


def _attendance(enrollment: Enrollment) -> Iterator[dict[str, Any]]:
    """Each session that was held or will be, with what is recorded of the trainee, None where nothing is."""
    recorded = {record.session_id: record for record in enrollment.attendance.filter(is_current=True)}
    for stay in stays_of([enrollment])[enrollment.pk]:
        is_here = stay.cohort_id == enrollment.cohort_id
        cohort = enrollment.cohort if is_here else Cohort.objects.get(pk=stay.cohort_id)
        # An exam has no sheet.
        for session in sessions_of(cohort).filter(canceled_at=None).exclude(kind=SessionKind.EXAM):
            if stay.covers(session.starts_at):
                record = recorded.get(session.pk)
                yield {"session": session, "record": record, "is_over": session.ends_at <= timezone.now()}


class WithdrawView(generic.EditView):
    page_title = gettext_lazy("Withdraw")
    submit_button_label = gettext_lazy("Withdraw from the cohort")
    submit_button_active_label = gettext_lazy("Withdrawing…")
    success_message = gettext_lazy("“%(object)s” is withdrawn; the seat is free.")


class EnrollView(generic.CreateView):
    """With the cohort chosen from whose page one comes."""

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "cohort": self.request.GET.get("cohort")}


class EnrollmentViewSet(CenterViewSet):
    """People are enrolled and withdrawn, never edited."""

    model = Enrollment
    icon = "user"
    add_view_class = EnrollView
    edit_view_class = WithdrawView
    change_label = gettext_lazy("Withdraw")
    list_display = (
        "person",
        "cohort",
        Column("cohort__center", label=gettext_lazy("Center of the cohort"), accessor="cohort.center"),
        "state",
        "enrolled_at",
        "completed_at",
    )
    list_filter = ("cohort", "state")
    list_select_related = ("person", "cohort__center")
    search_fields = ("person__folded_name", "cohort__code")
    inspect_view_class = EnrollmentInspectView
    form_class = EnrollForm
    edit_form_class = WithdrawForm

    def create_row(self, form: EnrollForm, *, by: User) -> Enrollment:
        typed = form.cleaned_data
        return enroll(person_id=typed["person"].pk, cohort_id=typed["cohort"].pk, by=by)

    def get_urlpatterns(self) -> list[URLPattern]:
        index = self.get_url_name("index")
        transfer = self.construct_view(TransferView, verb="transfer", index_url_name=index)
        reinstate = self.construct_view(ReinstateView, verb="reinstate", index_url_name=index)
        settle = self.construct_view(SettleGivenBackView, verb="settle_given_back")
        correct = self.construct_view(CorrectScoreView, verb="correct", index_url_name=index)
        confirm = self.construct_view(ConfirmCompletionView, verb="confirm", index_url_name=index)
        practice = self.construct_view(PracticalResultView, verb="practice", index_url_name=index)
        return [
            *super().get_urlpatterns(),
            path("transfer/<int:pk>/", transfer, name="transfer"),
            path("reinstate/<int:pk>/", reinstate, name="reinstate"),
            path("given-back/<int:pk>/", settle, name="settle_given_back"),
            path("correct/<int:pk>/<uuid:unit>/", correct, name="correct"),
            path("confirm/<int:pk>/", confirm, name="confirm"),
            path("practice/<int:pk>/", practice, name="practice"),
        ]

    def refusal_to_change(self, row: Enrollment) -> DomainError | None:
        return None if row.state == EnrollmentState.ACTIVE else EnrollmentNotActive()

    def change_row(self, form: WithdrawForm, *, by: User) -> Enrollment:
        return withdraw(enrollment_id=form.instance.pk, by=by, **form.cleaned_data)
