"""A holder's skills passports: make under consent, download, share, withdraw."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import DomainError
from accounts.scoping.requests import MemberRequest
from certificates.forms import LinkDaysForm, PassportForm
from certificates.models import Passport
from certificates.passports.content import SCHEMA_FILE
from certificates.queries.wallet import passports_of
from certificates.services.passports import (
    TEXT_VERSION,
    make_passport,
    withdraw_passport,
    withdraw_passport_consent,
)
from certificates.services.sharing import make_passport_link
from certificates.views.files import json_of_passport, pdf_of_passport
from certificates.views.paging import paged
from certificates.views.sharing import holder_of

PASSPORTS_PER_PAGE = 10


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The JSON schema of passports, at the address in their `$schema`."""
    return HttpResponse(
        SCHEMA_FILE.read_bytes(),
        content_type="application/schema+json",
        headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=86400"},
    )


@login_required
@require_safe
@never_cache
def passports(request: MemberRequest) -> HttpResponse:
    page = paged(request, passports_of(holder_of(request)), size=PASSPORTS_PER_PAGE)
    context = {**page, "days_form": LinkDaysForm()}
    return render(request, "certificates/passports.html", context)


@login_required
@never_cache
def new_passport(request: MemberRequest) -> HttpResponse:
    """The form of a new passport, with the consent. The address is only in the response and in the QR code of the PDF."""
    holder = holder_of(request)
    form = PassportForm(request.POST or None, holder=holder)
    if request.method == "POST" and form.is_valid():
        try:
            made = make_passport(
                holder=holder,
                credential_ids=[one.pk for one in form.cleaned_data["credentials"]],
                days=form.cleaned_data["days"],
                is_agreed=form.cleaned_data["is_agreed"],
                by=request.user,
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            context = {"made": made.link, "passport": made.passport}
            return render(request, "certificates/link_made.html", context)
    return render(request, "certificates/new_passport.html", {"form": form, "text_version": TEXT_VERSION})


@login_required
@require_POST
@never_cache
def new_passport_link(request: MemberRequest, passport_id: str) -> HttpResponse:
    """A further link to a passport, for fewer days."""
    passport = _own(request, passport_id)
    form = LinkDaysForm(request.POST)
    if not form.is_valid():
        return redirect("certificates:passports")
    try:
        made = make_passport_link(passport_id=passport.pk, days=form.cleaned_data["days"], by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("certificates:passports")
    return render(request, "certificates/link_made.html", {"made": made, "passport": passport})


@login_required
@require_safe
def passport_pdf(request: MemberRequest, passport_id: str) -> HttpResponseBase:
    return pdf_of_passport(_own(request, passport_id))


@login_required
@require_safe
def passport_data(request: MemberRequest, passport_id: str) -> HttpResponse:
    return json_of_passport(_own(request, passport_id))


@login_required
@require_POST
def withdraw(request: MemberRequest, passport_id: str) -> HttpResponse:
    """End one passport and its links at once."""
    withdraw_passport(passport_id=_own(request, passport_id).pk, by=request.user)
    messages.success(request, _("The skills passport is withdrawn and its links have ended."))
    return redirect("certificates:passports")


@login_required
@require_POST
def withdraw_consent(request: MemberRequest) -> HttpResponse:
    """End all passports and their links at once."""
    withdraw_passport_consent(holder=holder_of(request), by=request.user)
    messages.success(request, _("Your consent is withdrawn. Every skills passport and its links have ended."))
    return redirect("certificates:passports")


def _own(request: MemberRequest, passport_id: str) -> Passport:
    own = Passport.objects.filter(holder=holder_of(request))
    return get_object_or_404(own, public_id=passport_id)
