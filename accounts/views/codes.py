"""Codes by short message: each page asks for one thing, and needs no script."""

from allauth.account.utils import perform_login
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.enums import CodePurpose
from accounts.errors import DomainError
from accounts.forms.sign_in import (
    FirstPasswordForm,
    MessageCodeForm,
    NewPasswordForm,
    NumberForm,
)
from accounts.models import ContactChallenge, User
from accounts.scoping.requests import MemberRequest
from accounts.services.codes import CodeOver, TooManyCodes, request_code
from accounts.services.first_logins import WrongIdentityNumber, asks_for_identity, open_login
from accounts.services.gateway import sends_codes
from accounts.services.number_proofs import own_number, prove_number, request_proof
from accounts.services.number_recoveries import check_recovery_code, recover_password
from accounts.services.phones import readable_phone

# What the session keeps: the request whose code is typed next, and the one whose code was right. Another browser can try neither.
PROVING, RECOVERING, RECOVERED = "proves_number", "recovers_password", "recovered_password"


@require_POST
@login_required
@never_cache
def send_own_code(request: MemberRequest) -> HttpResponse:
    """Send a code to one's own number. Raises Http404 where no codes are sent."""
    if not sends_codes():
        raise Http404
    try:
        asked = request_proof(
            by=request.user, language=get_language() or "ar", address=ratelimit.get_ip(request)
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("account")
    request.session[PROVING] = asked.pk
    return redirect("account_prove_number")


@login_required
@never_cache
def prove_own_number(request: MemberRequest) -> HttpResponse:
    number = own_number(request.user)
    if PROVING not in request.session or not number.may_be_proved:
        return redirect("account")
    form = MessageCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            contact = prove_number(
                challenge_id=request.session[PROVING], code=form.cleaned_data["code"], by=request.user
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            del request.session[PROVING]
            if contact.is_disputed:
                messages.warning(
                    request, _("Your number is confirmed. Another person has it, too: tell your center.")
                )
            else:
                messages.success(request, _("Your number is confirmed."))
            return redirect("account")
    return render(request, "account/prove_number.html", {"form": form, "number": number})


@never_cache
def recover(request: HttpRequest) -> HttpResponse:
    """Ask for the number and send a code to it. The answer is the same for every number.

    Someone who is logged in may have lost the password, too.
    """
    form = NumberForm(request.POST if request.method == "POST" and sends_codes() else None)
    status = 200
    if form.is_valid():
        try:
            asked = request_code(
                purpose=CodePurpose.RECOVER,
                number=form.cleaned_data["phone"],
                language=get_language() or "ar",
                address=ratelimit.get_ip(request),
            )
        except TooManyCodes as refusal:
            form.add_error(None, str(refusal))
            status = 429
        else:
            request.session[RECOVERING] = asked.pk
            request.session.pop(RECOVERED, None)
            return redirect("account_recover_code")
    return render(
        request, "account/recover.html", {"form": form, "sends_codes": sends_codes()}, status=status
    )


@never_cache
def type_recovery_code(request: HttpRequest) -> HttpResponse:
    asked = ContactChallenge.objects.filter(pk=request.session.get(RECOVERING, 0)).first()
    if asked is None:
        return redirect("account_recover")
    form = MessageCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            challenge = check_recovery_code(challenge_id=asked.pk, code=form.cleaned_data["code"])
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            request.session.cycle_key()
            del request.session[RECOVERING]
            request.session[RECOVERED] = challenge.pk
            return redirect("account_recover_password")
    return render(request, "account/recover_code.html", {"form": form, "number": readable_phone(asked.value)})


@never_cache
def choose_recovered_password(request: HttpRequest) -> HttpResponse:
    """Ask for the new password, and log in with it: tries with the lost one may have locked the login page.

    The first password of a login that a list made takes the number of the card, too.
    """
    if RECOVERED not in request.session:
        return redirect("account_recover")
    challenge_id = request.session[RECOVERED]
    is_first = asks_for_identity(challenge_id)
    posted = request.POST if request.method == "POST" else None
    form = FirstPasswordForm(posted) if is_first else NewPasswordForm(posted)
    if form.is_valid():
        try:
            user = _chosen(challenge_id, form.cleaned_data, is_first=is_first)
        except WrongIdentityNumber as refusal:
            form.add_error("identity_number", str(refusal))
        except CodeOver as refusal:
            del request.session[RECOVERED]
            messages.error(request, str(refusal))
            return redirect("account_recover")
        except DomainError as refusal:
            form.add_error("password1", str(refusal))
        else:
            del request.session[RECOVERED]
            saved = (
                _("Your password is saved.")
                if is_first
                else _("Your new password is saved. You are logged out everywhere else.")
            )
            messages.success(request, saved)
            # As with "remember me" left open: the phone or computer may be another person's.
            request.session.set_expiry(0)
            return perform_login(request, user)
    return render(request, "account/recover_password.html", {"form": form, "is_first": is_first})


def _chosen(challenge_id: int, typed: dict[str, str], *, is_first: bool) -> User:
    """Raises what `open_login` and `recover_password` raise."""
    password = typed["password1"]
    if is_first:
        number = typed["identity_number"]
        return open_login(challenge_id=challenge_id, identity_number=number, password=password)
    user: User = recover_password(challenge_id=challenge_id, password=password)
    return user
