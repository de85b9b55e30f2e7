"""Complaints of citizens, with or without a login."""

import time
from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.digits import is_decimal
from accounts.errors import DomainError
from accounts.models import Person
from courses.enums import ComplaintChannel, ComplaintEventKind, ComplaintKind
from courses.forms.complaints import ComplaintForm, ComplaintTextForm, FindComplaintForm
from courses.models import Complaint, ProgramPage
from courses.queries.complaints import (
    Subjects,
    cohort_named,
    complaints_of,
    known_number,
    level_asked,
    may_be_reopened,
    told_events,
)
from courses.services.complaints import (
    file_complaint,
    reopen_complaint,
    reply_to_question,
    withdraw_complaint,
)

# In the session: the complaints whose reference and number were typed here, and when.
FOUND = "complaints_found"
SECONDS_TO_READ = 1800
# Of one's own, on the page on which one complains.
SHOWN_COMPLAINTS = 20
TOO_MANY = 429


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """Make a complaint, and for who is logged in the list of one's own."""
    person = _person(request)
    subjects = Subjects(person)
    form = ComplaintForm(
        request.POST if request.method == "POST" else None,
        subjects=subjects,
        initial={
            **_chosen(request, subjects),
            "phone": known_number(person, request.user if request.user.is_authenticated else None),
        },
    )
    status = 200
    if form.is_valid():
        if _is_counted(request, "complaint", form.cleaned_data["phone"]):
            try:
                return _filed(request, form.cleaned_data, person)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
        else:
            form.add_error(
                None, _("Too many complaints came from here today. Call your center, or try again later.")
            )
            status = TOO_MANY
    context = {
        "form": form,
        "program": _program(request),
        "own": complaints_of(person.pk)[:SHOWN_COMPLAINTS] if person else (),
    }
    return render(request, "courses/complaints/complain.html", context, status=status)


def _filed(request: HttpRequest, typed: dict[str, Any], person: Person | None) -> HttpResponse:
    complaint = file_complaint(
        kind=typed["kind"],
        channel=ComplaintChannel.LOGIN if person else ComplaintChannel.PUBLIC,
        text=typed["text"],
        name=person.name if person else typed["name"],
        phone=typed["phone"],
        language=get_language() or "ar",
        person=person,
        program=_program(request),
        cohort=typed.get("cohort"),
        staff=typed.get("staff"),
        center=typed["center"],
        by=request.user if request.user.is_authenticated else None,
    )
    _open_here(request, complaint)
    messages.success(request, _("Your complaint was received. Write the reference number down."))
    return redirect("courses:complaint", complaint.reference)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find_complaint(request: HttpRequest) -> HttpResponse:
    """Open a complaint by its reference and the number that was given with it. A wrong try says nothing else."""
    form = FindComplaintForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        typed = form.cleaned_data
        counted = _count(request, "complaint_found", typed["reference"])
        found = Complaint.objects.filter(reference=typed["reference"], phone=typed["phone"]).first()
        if counted is None:
            form.add_error(None, _("Too many tries. Wait an hour, or call your center."))
            status = TOO_MANY
        elif found is None:
            form.add_error(None, _("There is no complaint with this reference number and mobile number."))
        else:
            counted.rollback()
            _open_here(request, found)
            return redirect("courses:complaint", found.reference)
    return render(request, "courses/complaints/find.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def complaint(request: HttpRequest, reference: str) -> HttpResponse:
    """What became of a complaint; the answer to a question, withdrawing and reopening are posted here. Others get a 404."""
    row = get_object_or_404(
        Complaint.objects.select_related("program", "cohort__program", "center"), reference=reference
    )
    if not _may_read(request, row):
        raise Http404
    form = ComplaintTextForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            if done := _act(row, request.POST.get("act", ""), form):
                messages.success(request, done)
                return redirect("courses:complaint", row.reference)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            row.refresh_from_db()
    events = list(told_events(row))
    context = {
        "complaint": row,
        "events": events,
        "is_reopened": any(event.kind == ComplaintEventKind.REOPENED for event in events),
        "level": level_asked(row),
        "form": form,
        "may_reopen": may_be_reopened(row),
        "days_to_reopen": settings.COMPLAINT_REOPEN_DAYS,
    }
    return render(request, "courses/complaints/complaint.html", context)


def _act(row: Complaint, act: str, form: ComplaintTextForm) -> str:
    """Do it and say so; "" where the form has errors. Raises `Http404`, and what the services raise."""
    if act == "withdraw":
        withdraw_complaint(complaint_id=row.pk)
        return _("Your complaint is withdrawn.")
    if act not in {"reply", "reopen"}:
        raise Http404
    if not form.is_valid():
        return ""
    text = form.cleaned_data["text"]
    if act == "reply":
        reply_to_question(complaint_id=row.pk, text=text)
        return _("Your answer was sent.")
    reopen_complaint(complaint_id=row.pk, text=text)
    return _("Your complaint is open again. Other people answer it this time.")


def _person(request: HttpRequest) -> Person | None:
    return request.user.person if request.user.is_authenticated else None


def _chosen(request: HttpRequest, subjects: Subjects) -> dict[str, Any]:
    """What the link that led here has chosen (`complaint_address`); nothing for a kind or a cohort that the form does not offer."""
    chosen: dict[str, Any] = {}
    if (kind := request.GET.get("kind", "")) in ComplaintKind.values:
        chosen["kind"] = kind
    if cohort := cohort_named(subjects, request.GET.get("cohort", "")):
        chosen["cohort"] = cohort
    return chosen


def _program(request: HttpRequest) -> ProgramPage | None:
    """The program whose page led here, in the source language; None for anything else."""
    typed = request.GET.get("program", "")
    if not is_decimal(typed) or len(typed) > 9:
        return None
    page = ProgramPage.objects.live().filter(pk=int(typed)).first()
    return page and ProgramPage.objects.filter(translation_key=page.translation_key).order_by("pk").first()


def _open_here(request: HttpRequest, row: Complaint) -> None:
    found = {
        key: at for key, at in request.session.get(FOUND, {}).items() if time.time() - at < SECONDS_TO_READ
    }
    request.session[FOUND] = {**found, str(row.pk): time.time()}


def _may_read(request: HttpRequest, row: Complaint) -> bool:
    found_at = request.session.get(FOUND, {}).get(str(row.pk), 0)
    if time.time() - found_at < SECONDS_TO_READ:
        return True
    person = _person(request)
    return person is not None and complaints_of(person.pk).filter(pk=row.pk).exists()


def _count(request: HttpRequest, action: str, key: str) -> ratelimit.RateLimitUsage | None:
    """Count a try; None beyond the limit."""
    config = settings.ACCOUNT_RATE_LIMITS
    return ratelimit.consume(request, app="courses", action=action, config=config, key=key)


def _is_counted(request: HttpRequest, action: str, key: str) -> bool:
    return _count(request, action, key) is not None
