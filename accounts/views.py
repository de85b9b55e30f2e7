"""Views for the staff login, the user's own account and sessions, codes by short message, and the answer to an offered role."""

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from allauth.core.internal import ratelimit
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe
from requests import RequestException
from wagtail.admin.views.account import AccountView, BaseSettingsPanel, NameEmailSettingsPanel

from accounts.devices import remember_language
from accounts.enums import CodePurpose
from accounts.errors import DomainError
from accounts.forms.preferences import NoticesForm, PhotoForm, PreferencesForm
from accounts.forms.sign_in import (
    ChoosePasswordForm,
    DataRequestForm,
    FirstPasswordForm,
    MessageCodeForm,
    NewPasswordForm,
    NumberForm,
)
from accounts.models import ContactChallenge, LoginSession, PersonPhoto, RoleOffer, User
from accounts.photo_responses import photo_response
from accounts.scoping.requests import MemberRequest
from accounts.services.codes import CodeOver, TooManyCodes, request_code
from accounts.services.contacts import written
from accounts.services.courtesies import choose_notices, declined_by, needed
from accounts.services.data_requests import ask_about_data
from accounts.services.first_logins import WrongIdentityNumber, asks_for_identity, open_login
from accounts.services.gateway import sends_codes
from accounts.services.logins import choose_password as choose_own_password
from accounts.services.number_proofs import own_number, prove_number, request_proof
from accounts.services.number_recoveries import check_recovery_code, recover_password
from accounts.services.offers import accept_offer, decline_offer, offers_for
from accounts.services.personal_data import personal_data
from accounts.services.phones import readable_phone
from accounts.services.photos import add_photo, remove_photo
from accounts.services.preferences import choose_language_and_digits
from accounts.services.sessions import end_session
from accounts.services.user_agents import device_description
from accounts.sessions import keep_only_this_session, note_use

# The newest requests of a person; all of them are in the file.
SHOWN_REQUESTS = 10
# What the session keeps: the request whose code is typed next, and the one whose code was right. Another browser can try neither.
PROVING, RECOVERING, RECOVERED = "proves_number", "recovers_password", "recovered_password"


@never_cache
def staff_login(request: HttpRequest) -> HttpResponse:
    """Redirect to the login page. Raises Http404 for a logged-in user without access to the workplace."""
    if request.user.is_authenticated and not request.user.has_perm("wagtailadmin.access_admin"):
        raise Http404
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = resolve_url("wagtailadmin_home")
    return redirect_to_login(target, resolve_url("account_login"))


class StaffAccountView(AccountView):
    """Language, theme and picture of one's own workplace; the name is changed on the page of the login."""

    def get_panels(self) -> list[BaseSettingsPanel]:
        return [panel for panel in super().get_panels() if not isinstance(panel, NameEmailSettingsPanel)]


@login_required
@never_cache
def choose_password(request: MemberRequest) -> HttpResponse:
    """Ask for a password in the place of a temporary one, then go on; anyone else changes theirs with the old one at hand."""
    if not request.user.password_is_temporary:
        return redirect("account_change_password")
    form = ChoosePasswordForm(request.POST if request.method == "POST" else None)
    target = request.POST.get("next") or request.GET.get("next", "")
    if form.is_valid():
        try:
            user = choose_own_password(password=form.cleaned_data["password1"], by=request.user)
        except DomainError as refusal:
            form.add_error("password1", str(refusal))
        else:
            update_session_auth_hash(request, user)
            # The session has another key now.
            note_use(request, user)
            messages.success(request, _("Your password is saved. Only you know it."))
            if sends_codes() and own_number(user).leads_to_recovery:
                messages.info(
                    request,
                    _(
                        "Confirm your mobile number on “My account”: then you can choose a new password yourself if you lose it."
                    ),
                )
            is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
            return redirect(target if is_ours else get_adapter().get_login_redirect_url(request))
    return render(request, "account/choose_password.html", {"form": form, "next": target})


@login_required
@never_cache
def account(request: MemberRequest) -> HttpResponse:
    """Everything about oneself in one place: what is on record, how to change it, requests and their answers."""
    person = request.user.person
    form = DataRequestForm(request.POST if request.method == "POST" else None)
    if person and form.is_valid():
        try:
            ask_about_data(**form.cleaned_data, by=request.user)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your request was sent. The answer will be shown here."))
            return redirect("account")
    known = {
        "person": person,
        "documents": person.documents.all() if person else (),
        "contacts": [(one, written(one)) for one in person.contacts.current()] if person else (),
        "number": own_number(request.user),
        "sends_codes": sends_codes(),
        "consents": person.consents.filter(withdrawn_at=None) if person else (),
        "requests": person.data_requests.all()[:SHOWN_REQUESTS] if person else (),
    }
    return render(request, "account/account.html", {"form": form, **known})


@login_required
@never_cache
def preferences(request: MemberRequest) -> HttpResponse:
    """Language and digits; the answer is in the language that was chosen."""
    user = request.user
    form = PreferencesForm(
        request.POST if request.method == "POST" else None,
        initial={"language": user.language, "digits": user.digits},
    )
    if not form.is_valid():
        return render(request, "account/preferences.html", {"form": form})
    user = choose_language_and_digits(**form.cleaned_data, by=user)
    with override(user.language):
        messages.success(request, _("Your choice is saved."))
        response = redirect("account")
    remember_language(response, user.language)
    return response


@login_required
@never_cache
def messages_to_you(request: MemberRequest) -> HttpResponse:
    """Which messages are wanted, and by which channel. Raises `Http404` for a login without a person."""
    person = request.user.person
    if person is None:
        raise Http404
    form = NoticesForm(request.POST if request.method == "POST" else None, declined=declined_by(person))
    if form.is_valid():
        choose_notices(person_id=person.pk, declined=form.declined, by=request.user)
        messages.success(request, _("Your choice is saved."))
        return redirect("account")
    return render(request, "account/messages_to_you.html", {"form": form, "needed": needed()})


@login_required
@never_cache
def photo(request: MemberRequest) -> HttpResponse:
    """One's own photo. Raises `Http404` for a login without a person."""
    if request.user.person_id is None:
        raise Http404
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    if form.is_valid():
        try:
            add_photo(person_id=request.user.person_id, file=form.cleaned_data["file"], by=request.user)
        except DomainError as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("Your photo is saved."))
            return redirect("account_photo")
    kept = PersonPhoto.objects.filter(person=request.user.person_id).only("digest").first()
    return render(request, "account/photo.html", {"form": form, "photo": kept})


@require_POST
@login_required
@never_cache
def remove_own_photo(request: MemberRequest) -> HttpResponse:
    if request.user.person_id is None:
        raise Http404
    remove_photo(person_id=request.user.person_id, by=request.user)
    messages.success(request, _("Your photo is removed."))
    return redirect("account_photo")


@require_safe
@login_required
def own_photo(request: MemberRequest) -> HttpResponse:
    return photo_response(request, get_object_or_404(PersonPhoto, person=request.user.person_id))


@require_POST
@login_required
@never_cache
def own_data(request: MemberRequest) -> StreamingHttpResponse:
    """One's own data as a file. Raises `Http404` for a login without a person."""
    if request.user.person is None:
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"'}
    pieces = personal_data(request.user.person)
    return StreamingHttpResponse(pieces, content_type="application/json", headers=headers)


@login_required
@require_safe
def offers(request: MemberRequest) -> HttpResponse:
    return render(request, "accounts/offers.html", {"offers": offers_for(request.user)})


@login_required
@require_POST
def answer_offer(request: MemberRequest, pk: int) -> HttpResponse:
    offer = get_object_or_404(RoleOffer, pk=pk, user=request.user)
    try:
        if request.POST.get("answer") == "accept":
            accept_offer(offer_id=offer.pk, by=request.user)
            messages.success(request, _("You have the role now."))
        else:
            decline_offer(offer_id=offer.pk, by=request.user)
            messages.success(request, _("You declined the role."))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("offers")


def no_such_page(_request: HttpRequest) -> HttpResponse:
    raise Http404


@require_GET
@login_required
def sessions(request: MemberRequest) -> HttpResponse:
    rows = LoginSession.objects.filter(user=request.user, session__expire_date__gt=timezone.now())
    listed = [
        {
            "row": row,
            "device": device_description(row.user_agent),
            "is_this": row.session_id == request.session.session_key,
        }
        for row in rows
    ]
    return render(request, "account/sessions.html", {"sessions": listed})


@require_POST
@login_required
def end_one_session(request: MemberRequest, pk: int) -> HttpResponse:
    """End another session; the one in use is ended by logging out."""
    others = LoginSession.objects.filter(user=request.user).exclude(session=request.session.session_key)
    end_session(session_id=get_object_or_404(others, pk=pk).pk, by=request.user)
    messages.success(request, _("The session was ended. That device has to log in again."))
    return redirect("account_sessions")


@require_POST
@login_required
def end_other_sessions(request: MemberRequest) -> HttpResponse:
    keep_only_this_session(request, request.user)
    messages.success(request, _("All other sessions were ended."))
    return redirect("account_sessions")


@never_cache
def sign_in_by_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Redirect to the identity provider, by a POST; 404 without one."""
    try:
        return openid_connect.login(request, provider_id)
    except RequestException as away:
        return render_authentication_error(request, provider=None, exception=away)


@never_cache
def come_from_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    return openid_connect.callback(request, provider_id)


# --- Codes by short message: each page asks for one thing, and needs no script -------------------------------------


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
