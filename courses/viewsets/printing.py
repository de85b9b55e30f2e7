"""Paper of a cohort as PDF files."""

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from accounts.errors import DomainError
from accounts.scoping.requests import MemberRequest
from accounts.scoping.viewsets import CenterViewSet
from courses.models import ClassSession, Cohort
from courses.services.printed_sheets import (
    attendance_sheet_pdf,
    days_sheet_pdf,
    labels_pdf,
    roster_pdf,
)


@method_decorator(never_cache, name="dispatch")
class PrintView(View):
    """A PDF about one row. What cannot be drawn is said on the page of the row."""

    http_method_names = ["get", "head"]
    request: MemberRequest
    # Set by the viewset.
    viewset: CenterViewSet
    model: type[Model]
    file_name = ""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            pdf = self.draw(pk)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect(self.viewset.get_url_name("inspect"), pk)
        name = f"{self.file_name}-{pk}.pdf"
        return HttpResponse(
            pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
        )

    def draw(self, pk: int) -> bytes:
        raise NotImplementedError


class PrintSessionView(PrintView):
    file_name = "attendance"
    model = ClassSession

    def draw(self, pk: int) -> bytes:
        sessions = ClassSession.objects.for_attendance().select_related(
            "cohort__program", "cohort__center", "venue", "instructor__person"
        )
        return attendance_sheet_pdf(get_object_or_404(sessions, pk=pk))


class PrintCohortView(PrintView):
    model = Cohort

    @property
    def cohort(self) -> Cohort:
        cohorts = Cohort.objects.select_related("program", "center")
        return get_object_or_404(cohorts, pk=self.kwargs["pk"])


class PrintRosterView(PrintCohortView):
    file_name = "roster"

    def draw(self, pk: int) -> bytes:
        return roster_pdf(self.cohort, reader=self.request.user)


class PrintDaysView(PrintCohortView):
    file_name = "attendance-days"

    def draw(self, pk: int) -> bytes:
        return days_sheet_pdf(self.cohort)


class PrintLabelsView(PrintCohortView):
    file_name = "labels"

    def draw(self, pk: int) -> bytes:
        return labels_pdf(self.cohort)
