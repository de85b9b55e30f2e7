"""The page on which a trainee reads each mark of the own attendance, and objects to one."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.digits import read_key
from accounts.errors import DomainError
from accounts.scoping.requests import MemberRequest
from accounts.scoping.seen import as_far_as_seen
from courses.errors import ReasonMissing
from courses.models import AttendanceRecord, Enrollment
from courses.queries.complaints import complaint_address
from courses.queries.own_attendance import lines_of_marks, sessions_held_for
from courses.queries.programs import program_in_language
from courses.services.mark_objections import object_to_mark

SESSIONS_ON_A_PAGE = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def own_attendance(request: MemberRequest, enrollment: UUID) -> HttpResponse:
    """The sessions of an enrollment that were held, also after it ended. An objection is posted here. Others get a 404."""
    own = as_far_as_seen(Enrollment.objects.filter(person__isnull=False, person=request.user.person_id))
    row = get_object_or_404(own.select_related("cohort__program", "cohort__center"), public_id=enrollment)
    if request.method == "POST":
        return _object(request, row)
    return _page(request, row)


def _page(request: MemberRequest, row: Enrollment, **unsent: object) -> HttpResponse:
    page = Paginator(sessions_held_for(row), SESSIONS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "enrollment": row,
        "title": (program_in_language(row.cohort.program) or row.cohort.program).title,
        "page_obj": page,
        "lines": lines_of_marks(row, list(page)),
        "complaint_url": complaint_address(row.cohort),
        "trail": [
            {"title": _("My learning"), "url": reverse("courses:my_learning")},
            {"title": _("My attendance"), "url": ""},
        ],
        **unsent,
    }
    return render(request, "courses/own_attendance.html", context)


def _object(request: MemberRequest, row: Enrollment) -> HttpResponse:
    key = read_key(request.POST.get("mark", ""))
    record = AttendanceRecord.objects.filter(enrollment=row, pk=key).first() if key else None
    if record is None:
        raise Http404
    try:
        object_to_mark(record_id=record.pk, by=request.user, reason=request.POST.get("reason", ""))
        messages.success(request, _("Your objection was sent. You are told of the answer."))
    except ReasonMissing as refusal:
        return _page(request, row, unsent_mark=record.pk, refusal=str(refusal))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect(request.get_full_path())
