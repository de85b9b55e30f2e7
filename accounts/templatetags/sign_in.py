"""Template tags of the login pages: the identity provider, the pending action, and the act behind a reauthentication."""

from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse

from accounts.identity_provider import provider_id
from accounts.scoping.posted_forms import act_awaiting_reauthentication
from accounts.services.gateway import sends_codes
from accounts.services.pending_actions import PendingAction, find_pending_action

register = template.Library()


@register.simple_tag
def identity_provider() -> dict[str, str] | None:
    """The provider's name and the URL of its login; None without a provider."""
    if not settings.OIDC_ISSUER:
        return None
    return {"name": settings.OIDC_NAME, "url": reverse("openid_connect_login", args=[provider_id()])}


@register.simple_tag
def pending_action_for(address: str | None) -> PendingAction | None:
    """What the reader does at `address` once there is an account; None where there is nothing to announce."""
    return find_pending_action(address)


# Whether a password is recovered by a code to the number.
register.simple_tag(sends_codes)


@register.simple_tag(takes_context=True)
def is_final_act(context: dict[str, Any]) -> bool:
    """Whether the reauthentication is for a posted act that cannot be undone."""
    act = act_awaiting_reauthentication(context["request"])
    return bool(act and act["is_final"])
