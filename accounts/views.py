"""The doors of the staff workplace, and the answer to a role that is offered."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.views.account import AccountView, BaseSettingsPanel, NameEmailSettingsPanel

from accounts.errors import DomainError
from accounts.models import RoleOffer
from accounts.scoping.requests import MemberRequest
from accounts.services.offers import accept_offer, decline_offer, offers_for


@never_cache
def staff_login(request: HttpRequest) -> HttpResponse:
    """Send to the one login page. Whoever is logged in and comes here again has no business behind this door."""
    if request.user.is_authenticated and not request.user.has_perm("wagtailadmin.access_admin"):
        raise Http404
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = resolve_url("wagtailadmin_home")
    return redirect_to_login(target, resolve_url("account_login"))


class StaffAccountView(AccountView):
    """Language, theme and picture of one's own workplace; the name is kept by those who keep logins."""

    def get_panels(self) -> list[BaseSettingsPanel]:
        return [panel for panel in super().get_panels() if not isinstance(panel, NameEmailSettingsPanel)]


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
