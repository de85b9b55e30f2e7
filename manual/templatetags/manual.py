"""The link from a page of the workplace to the page of the manual about it."""

from django import template
from django.template import Context
from django.urls import reverse

from accounts.scoping import roles_held
from manual.references import reference_for, reference_for_home

register = template.Library()


@register.simple_tag(takes_context=True)
def manual_address(context: Context) -> str:
    """Where the manual says how the page is used; empty in the manual itself, and for a page without a request."""
    # An inclusion with `only` has the request no longer as a variable.
    request = getattr(context, "request", None)
    if request is None or request.resolver_match is None:
        return ""
    match = request.resolver_match
    if match.app_name == "manual":
        return ""
    slug, anchor = reference_for(match.view_name)
    if match.view_name == "wagtailadmin_home":
        slug = reference_for_home(roles_held(request.user))
    address = reverse("manual:page", args=[slug]) if slug else reverse("manual:index")
    return f"{address}#{anchor}" if anchor else address
