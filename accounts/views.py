"""The doors of the staff workplace."""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from wagtail.admin.views.account import AccountView, BaseSettingsPanel, NameEmailSettingsPanel


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
