"""Agreeing to the privacy notice once more, and withdrawing from it."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.enums import DataRequestKind
from accounts.errors import DomainError
from accounts.scoping.requests import MemberRequest
from accounts.services.consents import PRIVACY, agree_to_privacy_notice, withdraw_consent
from accounts.services.data_requests import ask_about_data
from accounts.sessions import ASKED_CONSENT, keep_only_this_session, note_asked_consent


@login_required
@never_cache
def privacy(request: MemberRequest) -> HttpResponse:
    """Says what the consent is for and what follows without it. Raises `Http404` for a login without a person."""
    person = request.user.person
    if person is None:
        raise Http404
    target = request.POST.get("next") or request.GET.get("next", "")
    answer = request.POST.get("answer") if request.method == "POST" else None
    if answer == "agree":
        agree_to_privacy_notice(person_id=person.pk, by=request.user)
        note_asked_consent(request, request.user)
        messages.success(request, _("You agreed to the privacy notice."))
        is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
        return redirect(target if is_ours else get_adapter().get_login_redirect_url(request))
    if answer == "withdraw":
        withdraw_consent(person_id=person.pk, purpose=PRIVACY, by=request.user)
        keep_only_this_session(request, request.user)
        note_asked_consent(request, request.user)
        messages.success(request, _("Your consent is withdrawn."))
        return redirect("account_privacy")
    if answer == "erase":
        try:
            asked = ask_about_data(kind=DataRequestKind.ERASE, text="", by=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            return redirect("data_request", asked.public_id)
    consents = person.consents.filter(purpose=PRIVACY)
    facts = {"next": target, "is_asked": ASKED_CONSENT in request.session, "latest": consents.first()}
    return render(request, "account/privacy.html", facts)
