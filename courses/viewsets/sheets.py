"""The attendance sheet of one session."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from wagtail.admin import messages as wagtail_messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.scoping import may
from accounts.scoping.audit import trail_of
from accounts.scoping.requests import MemberRequest
from accounts.scoping.viewsets import CenterViewSet
from accounts.services.formatting import format_list, localize_digits
from courses.enums import AttendanceSource, EnrollmentState
from courses.forms import AttendanceSheetForm
from courses.models import AttendanceRecord, ClassSession, Enrollment
from courses.queries.attendance_codes import people_by_device
from courses.queries.doubts import in_doubt
from courses.queries.own_attendance import open_objections
from courses.queries.transfers import on_the_sheet
from courses.services.attendance import amend_attendance, lock_attendance, record_attendance
from courses.services.attendance_codes import obstacle_to_codes

# Buttons in one message.
MOST_LINKS = 5


class AttendanceSheetView(WagtailAdminTemplateMixin, View):
    """The sheet of one session: mark all trainees, save, lock once it is over. Read-only for users who may only view the cohort."""

    request: MemberRequest
    model = ClassSession
    template_name = "courses/admin/attendance_sheet.html"
    page_title = gettext_lazy("Attendance sheet")
    header_icon = "list-ul"
    # Set by the viewset.
    viewset: CenterViewSet
    index_url_name = ""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(self._sheet(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        sheet = self._sheet(pk, request.POST)
        if not self._may_record(sheet.session):
            raise Http404
        if not sheet.is_valid():
            return self._show(sheet)
        try:
            saved = self._save(sheet)
        except DomainError as refusal:
            sheet.add_error(None, str(refusal))
            return self._show(sheet)
        messages.success(request, saved)
        self._warn_of_doubts(sheet)
        return redirect(request.path)

    def _sheet(self, pk: int, data: Any = None) -> AttendanceSheetForm:
        sessions = ClassSession.objects.for_attendance().select_related(
            "cohort__program", "cohort__center", "venue"
        )
        session = get_object_or_404(sessions, pk=pk)
        # Marks that count now, and those that replaced others with a reason.
        told = AttendanceRecord.objects.filter(Q(is_current=True) | ~Q(reason=""), session=session)
        reasons: dict[int, list[str]] = defaultdict(list)
        records: dict[int, AttendanceRecord] = {}
        for record in told.order_by("pk"):
            if record.reason:
                reasons[record.enrollment_id].append(record.reason)
            if record.is_current:
                records[record.enrollment_id] = record
        return AttendanceSheetForm(
            data,
            session=session,
            enrollments=on_the_sheet(session),
            records=records,
            reasons=reasons,
        )

    @transaction.atomic
    def _save(self, sheet: AttendanceSheetForm) -> str:
        """Write every changed line or none; then lock if that was asked."""
        user, session = self.request.user, sheet.session
        for change in sheet.changes():
            if change.record and (sheet.is_final or change.is_of_corrected_mark):
                amend_attendance(
                    record_id=change.record.pk,
                    status=change.status,
                    minutes=change.minutes,
                    reason=sheet.cleaned_data["reason"],
                    by=user,
                )
            else:
                record_attendance(
                    session_id=session.pk,
                    enrollment_id=change.enrollment.pk,
                    status=change.status,
                    minutes=change.minutes,
                    source=AttendanceSource.INSTRUCTOR,
                    by=user,
                )
        if "lock" in self.request.POST:
            lock_attendance(session_id=session.pk, by=user)
            return _("Attendance saved and locked.")
        return _("Attendance saved.")

    def _warn_of_doubts(self, sheet: AttendanceSheetForm) -> None:
        """Name the completions that the saved marks no longer support: certificates may rest on them."""
        completed = [
            change.enrollment.pk
            for change in sheet.changes()
            if change.enrollment.state == EnrollmentState.COMPLETED
        ]
        doubtful = list(in_doubt(Enrollment.objects.filter(pk__in=completed))) if completed else []
        if not doubtful:
            return
        buttons = [
            wagtail_messages.button(reverse("enrollment:inspect", args=[one.pk]), str(one.person))
            for one in doubtful[:MOST_LINKS]
            if may(self.request.user, Act.VIEW_COHORTS, on=one)
        ]
        wagtail_messages.warning(self.request, _sentence_of_doubts(doubtful), buttons)

    def _may_record(self, session: ClassSession) -> bool:
        return may(self.request.user, self.viewset.acts["attend"], on=session)

    def _show(self, sheet: AttendanceSheetForm) -> HttpResponse:
        session, may_record = sheet.session, self._may_record(sheet.session)
        records = AttendanceRecord.objects.filter(session=session)
        context = self.get_context_data(
            sheet=sheet,
            session=session,
            lines=sheet.lines(),
            may_record=may_record,
            may_show_code=may_record and obstacle_to_codes(session) is None,
            devices=[format_list(people) for people in people_by_device(session)] if may_record else [],
            may_lock=not sheet.is_final and session.ends_at <= timezone.now(),
            objections=open_objections(session).count() if may_record else 0,
            trail=trail_of(session, records, user=self.request.user),
        )
        return render(self.request, self.template_name, context)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        sessions = {
            "url": reverse(self.index_url_name),
            "label": capfirst(ClassSession._meta.verbose_name_plural),
        }
        return [*self.breadcrumbs_items, sessions, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {"view": self, **super().get_context_data(**kwargs)}


def _sentence_of_doubts(doubtful: list[Enrollment]) -> str:
    if len(doubtful) == 1:
        said = _(
            "The completion of %(name)s is in doubt now: the records do not meet the rule any more. Who certifies decides about it."
        )
        return said % {"name": doubtful[0].person}
    return ngettext(
        "%(number)s completion is in doubt now: the records do not meet the rule any more. Who certifies decides about it.",
        "%(number)s completions are in doubt now: the records do not meet the rule any more. Who certifies decides about them.",
        len(doubtful),
    ) % {"number": localize_digits(len(doubtful))}
