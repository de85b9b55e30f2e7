"""The page on which a trainee says by the code of the room: I am here."""

import datetime as dt
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.signing import BadSignature, dumps, loads
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.devices import device_name
from accounts.errors import DomainError
from accounts.scoping.requests import MemberRequest
from courses.forms.codes import CodeForm
from courses.models import AttendanceRecord, ClassSession
from courses.queries.attendance_codes import open_code
from courses.queries.transfers import own_part, seat_elsewhere
from courses.services.attendance_codes import check_in as mark

COOKIE = "scanned_code"
SALT = "courses.check_in"
# How long a scanned code waits for a login on a slow connection.
KEPT_SECONDS = 600


@dataclass(frozen=True)
class Scan:
    """A code of the camera, and when its address was opened."""

    code: str
    at: dt.datetime


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, session: UUID) -> HttpResponse:
    """Take the code of the camera, or ask for the digits; mark; show what is on the sheet.

    The address that a camera opens marks no one by itself. It is kept with its time in a signed cookie, through the login
    too, and the user who is logged in then confirms: on a shared phone, they see whose name it is.
    """
    if "code" in request.GET:
        return _kept(request, session, redirect(request.path))
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    return _answer(cast("MemberRequest", request), session)


def _answer(request: MemberRequest, session_id: UUID) -> HttpResponse:
    session = get_object_or_404(
        ClassSession.objects.for_attendance().select_related("cohort__program", "cohort__center", "venue"),
        public_id=session_id,
    )
    enrollment = own_part(session, request.user.person_id)
    if enrollment is None:
        return _answer_elsewhere(request, session)
    scan = _scan_of(request, session_id)
    form = CodeForm(request.POST if request.method == "POST" and "digits" in request.POST else None)
    sent = scan
    if form.is_bound:
        sent = Scan(form.cleaned_data["digits"], timezone.now()) if form.is_valid() else None
    refusal = ""
    if request.method == "POST" and sent:
        try:
            mark(
                session_id=session.pk,
                code=sent.code,
                sent_at=sent.at,
                device=device_name(request),
                by=request.user,
                is_scanned=not form.is_bound,
            )
        except DomainError as error:
            refusal, scan = str(error), None
        else:
            return _forgotten(request, redirect(request.path))
    record = AttendanceRecord.objects.filter(session=session, enrollment=enrollment, is_current=True).first()
    context = {
        "session": session,
        "record": record,
        "is_open": open_code(session) is not None,
        "scan": scan,
        "form": form,
        "refusal": refusal,
        "person": enrollment.person,
    }
    page = render(request, "courses/check_in.html", context)
    return _forgotten(request, page) if refusal else page


def _answer_elsewhere(request: MemberRequest, session: ClassSession) -> HttpResponse:
    """What trainees of another cohort do; 404 for people who do not learn here. Nothing of the session is told."""
    seat = seat_elsewhere(session, request.user.person_id)
    if seat is None:
        raise Http404
    return render(request, "courses/another_cohort.html", {"seat": seat})


def _kept(request: HttpRequest, session: UUID, response: HttpResponse) -> HttpResponse:
    """Keep the code in a cookie of this page alone. Nothing is checked before the login, so nothing can be guessed there."""
    seen = {
        "session": str(session),
        "code": request.GET["code"][:12],
        "at": timezone.now().timestamp(),
    }
    response.set_cookie(
        COOKIE,
        dumps(seen, salt=SALT),
        max_age=KEPT_SECONDS,
        path=request.path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _scan_of(request: HttpRequest, session: UUID) -> Scan | None:
    try:
        seen = loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_SECONDS)
    except BadSignature:
        return None
    if seen["session"] != str(session):
        return None
    return Scan(seen["code"], dt.datetime.fromtimestamp(seen["at"], tz=dt.UTC))


def _forgotten(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, path=request.path, samesite="Lax")
    return response
