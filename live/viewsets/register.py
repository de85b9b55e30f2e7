"""The register of one class in the staff workplace, with objections, printed sheet and spreadsheet."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.scoping import may
from accounts.scoping.exports import SafeExport
from accounts.scoping.requests import MemberRequest
from courses.enums import AttendanceStatus
from live.attendance.sheet_drawing import draw_sheet
from live.attendance.sheets import sheet_of
from live.enums import LiveState
from live.errors import NothingHeld
from live.forms import AnswerForm
from live.models import LiveSession
from live.queries.log import early_end_of
from live.queries.presence import is_held
from live.queries.register import RegisterRow, register_of
from live.services.attendance import answer_objection
from live.services.presence_checks import has_checks, switch_checks
from live.viewsets.pages import SessionPage, session_of


class AttendanceView(SessionPage):
    """The counts of one class for each person, and their objections."""

    template_name = "live/admin/attendance.html"
    page_title = _("Attendance of the live class")
    header_icon = "group"

    request: MemberRequest

    @cached_property
    def may_record(self) -> bool:
        return may(self.request.user, Act.RECORD_ATTENDANCE, on=self.session)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        register = register_of(self.session)
        return super().get_context_data(
            session=self.session,
            register=register,
            policy=register.policy,
            is_held=is_held(self.session),
            early_end=early_end_of(self.session),
            has_checks=has_checks(self.session),
            may_record=self.may_record,
            may_switch=self.may_record and self.session.state == LiveState.SCHEDULED,
            statuses=AttendanceStatus.choices,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Switch presence checks before the class, or answer an objection after it."""
        if not self.may_record:
            raise Http404
        try:
            messages.success(request, self._apply_answer())
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("livesession:attendance", pk=self.session.pk)

    def _apply_answer(self) -> str:
        user = self.request.user
        if "checks" in self.request.POST:
            switch_checks(session_id=self.session.pk, is_on=self.request.POST["checks"] == "on", by=user)
            return _g("Presence checks were switched.")
        form = AnswerForm(self.session, self.request.POST)
        if not form.is_valid():
            raise Http404
        facts = form.cleaned_data
        answer_objection(
            objection_id=facts["objection"].pk,
            by=user,
            is_granted=facts["decision"] == "grant",
            answer=facts["answer"],
            status=AttendanceStatus(facts["status"]) if facts["status"] else None,
            minutes=facts["minutes"],
        )
        return _g("The objection was answered.")


def _refused(request: HttpRequest, session: LiveSession) -> HttpResponse:
    messages.error(request, str(NothingHeld()))
    return redirect("livesession:attendance", pk=session.pk)


class SheetView(View):
    """The sheet to print and sign."""

    model = LiveSession

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        session = session_of(pk)
        if session.opened_at is None:
            return _refused(request, session)
        pdf = draw_sheet(sheet_of(register_of(session)))
        name = f'inline; filename="attendance-{pk}.pdf"'
        return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": name})


class RegisterExportView(SafeExport, SpreadsheetExportMixin, View):
    """The register as CSV, or XLSX with `?export=xlsx`."""

    model = LiveSession
    list_export = (
        "name",
        "minutes",
        "presence.minutes",
        "presence.held",
        "presence.answered",
        "presence.asked",
        "status",
        "reasons",
        "objection.reason",
        "policy_version",
        "digest",
    )
    export_headings = {
        "name": _("Name"),
        "minutes": _("Minutes in the record"),
        "presence.minutes": _("Minutes counted"),
        "presence.held": _("Minutes held"),
        "presence.answered": _("Checks answered"),
        "presence.asked": _("Checks asked"),
        "status": _("Status"),
        "reasons": _("Amended, and why"),
        "objection.reason": _("Objection"),
        "policy_version": _("Policy version"),
        "digest": _("Hash of the frozen record"),
    }

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        session = session_of(pk)
        if session.opened_at is None:
            return _refused(request, session)
        register = register_of(session)
        self.policy_version = register.policy.version
        self.digest = register.snapshot.digest if register.snapshot else ""
        self.export_filename = f"attendance-{pk}"
        wanted = request.GET.get("export")
        format_ = self.FORMAT_XLSX if wanted == self.FORMAT_XLSX else self.FORMAT_CSV
        rows: Iterable[RegisterRow] = register.rows
        return self.as_spreadsheet(rows, format_)

    def get_heading(self, queryset: Any, field: str) -> Any:
        return str(self.export_headings[field])

    def to_row_dict(self, item: RegisterRow) -> dict[str, Any]:
        presence = item.presence
        return {
            "name": item.name,
            "minutes": item.minutes,
            "presence.minutes": presence.minutes,
            "presence.held": presence.held,
            "presence.answered": presence.answered,
            "presence.asked": presence.asked,
            "status": item.status,
            "reasons": item.reasons,
            "objection.reason": item.objection.reason if item.objection else "",
            "policy_version": self.policy_version,
            "digest": self.digest,
        }
