"""Checks the rule before those views of Wagtail that have no permission check.

Measured on Wagtail 8.0.1: its choosers, the tasks of its workflows and two pages that ask whether one is sure open for all staff. They
change nothing, but they show titles: of drafts, pictures and designs.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from wagtail.models import Page
from wagtail.permissions import policy_registry

from accounts.enums import Act
from accounts.models import User
from accounts.rule import RULE
from accounts.scoping import acts_held, may_everywhere

type View = Callable[..., HttpResponseBase]

# By the namespace of the address: who may open it.
CHOOSERS: Mapping[str, Act] = {
    "wagtailimages_chooser": RULE["wagtailimages.Image"]["choose"].act,
    "wagtaildocs_chooser": RULE["wagtaildocs.Document"]["choose"].act,
    "question_picture_chooser": RULE["wagtaildocs.Document"]["choose"].act,
}
DESIGNS = "wagtailsnippetchoosers_certificates_certificatetemplate"
WORKFLOWS = "wagtailadmin_workflows"
# By the name of the address: the argument that is the key of a page.
OF_A_PAGE: Mapping[str, str] = {
    "wagtailadmin_pages:move_confirm": "page_to_move_id",
    "wagtailadmin_pages:confirm_workflow_cancellation": "page_id",
}
# The list of what lies under a page has its title, also where the list is empty.
EXPLORER = {"wagtailadmin_explore", "wagtailadmin_explore_results"}
CHOOSE_PARENT = "wagtailadmin_pages:choose_parent"


def enforce_rule(view: View) -> View:
    """Decorate a view of Wagtail's admin. Users whom the rule refuses get a 404, as if there were no such row."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if _is_trainee_at_admin_home(request):
            return redirect(settings.LOGIN_REDIRECT_URL)
        # Visitors are sent to the login by Wagtail.
        if isinstance(request.user, User) and not _may(request.user, request, kwargs):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def _is_trainee_at_admin_home(request: HttpRequest) -> bool:
    """Whether a trainee logged in where staff do: they go on to what they learn. Other pages of the workplace are not theirs."""
    match = request.resolver_match
    is_admin_home = match is not None and match.view_name == "wagtailadmin_home"
    return (
        is_admin_home
        and isinstance(request.user, User)
        and not request.user.has_perm("wagtailadmin.access_admin")
    )


def _may(user: User, request: HttpRequest, kwargs: Mapping[str, Any]) -> bool:
    match = request.resolver_match
    if match is None or user.is_superuser or not user.has_perm("wagtailadmin.access_admin"):
        return True
    if match.namespace in CHOOSERS:
        return CHOOSERS[match.namespace] in acts_held(user)
    if match.namespace == DESIGNS:
        return may_everywhere(user, RULE["certificates.CertificateTemplate"]["view"].act)
    if match.view_name == CHOOSE_PARENT:
        return RULE["wagtailcore.Page"]["add"].act in acts_held(user)
    if match.view_name in OF_A_PAGE:
        page = get_object_or_404(Page, pk=kwargs[OF_A_PAGE[match.view_name]])
        return page.permissions_for_user(user).can_edit()
    return match.namespace != WORKFLOWS and (
        match.view_name not in EXPLORER or _may_explore(user, kwargs["parent_page_id"])
    )


def _may_explore(user: User, page_id: int) -> bool:
    """Users without any page are sent home by Wagtail."""
    policy = policy_registry.get_by_type(Page)
    if not policy.get_cached_permissions_for_user(user):
        return True
    return bool(policy.explorable_instances(user).filter(pk=page_id).exists())
