"""The code page of a session: six digits and a QR code for the projector or the instructor's phone."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.views import View
from django.views.decorators.cache import never_cache

from accounts.errors import DomainError
from accounts.scoping.requests import MemberRequest
from accounts.scoping.viewsets import CenterViewSet
from accounts.services.qr_codes import qr_svg
from courses.forms.codes import OpenCodeForm
from courses.models import AttendanceCode, ClassSession
from courses.queries.attendance_codes import headcount, open_code, people_by_device, shown_code
from courses.services.attendance_codes import close_code_page, obstacle_to_codes, open_code_page

# The count is read again so often while the code stays.
COUNT_SECONDS = 10


@method_decorator(never_cache, name="dispatch")
class SessionCodeView(View):
    """Opens, shows and closes the code page. A page of the site, without the workplace around it: light, and large on a wall."""

    request: MemberRequest
    model = ClassSession
    # Set by the viewset.
    viewset: CenterViewSet

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        session = self._session(pk)
        code = open_code(session)
        return self._screen(session, code) if code else self._closed(session, OpenCodeForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        session = self._session(pk)
        form = OpenCodeForm(request.POST)
        if "close" in request.POST:
            close_code_page(session_id=pk, by=self.request.user)
        elif not form.is_valid():
            return self._closed(session, form)
        else:
            try:
                open_code_page(
                    session_id=pk, by=self.request.user, late_after=form.cleaned_data["late_after"]
                )
            except DomainError as refusal:
                messages.error(request, str(refusal))
        return redirect(request.path)

    def _session(self, pk: int) -> ClassSession:
        sessions = ClassSession.objects.for_attendance().select_related(
            "cohort__program", "cohort__center", "venue"
        )
        return get_object_or_404(sessions, pk=pk)

    def _screen(self, session: ClassSession, code: AttendanceCode) -> HttpResponse:
        """Browsers load it again when the code turns, and before for the count: by a header, without a script."""
        shown = shown_code(code, session, timezone.now())
        qr = mark_safe(qr_svg(shown.address, fills=True))  # noqa: S308 - drawn from our own address
        response = self._render("courses/admin/session_code.html", session, shown=shown, qr=qr)
        response["Refresh"] = str(min(shown.seconds_left, COUNT_SECONDS))
        return response

    def _closed(self, session: ClassSession, form: OpenCodeForm) -> HttpResponse:
        context = {"form": form, "refusal": obstacle_to_codes(session)}
        return self._render("courses/admin/session_code_closed.html", session, **context)

    def _render(self, template: str, session: ClassSession, **context: Any) -> HttpResponse:
        there, expected = headcount(session)
        facts = {
            "session": session,
            "there": there,
            "expected": expected,
            "devices": people_by_device(session),
            "sheet": reverse(self.viewset.get_url_name("attendance"), args=[session.pk]),
        }
        return render(self.request, template, {**facts, **context})
