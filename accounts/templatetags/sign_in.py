"""What the pages of logging in say: of the operator's identity provider, of what a visitor came for, and of the act for which they ask who it is."""

from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse

from accounts.identity_provider import provider_id
from accounts.scoping.posted_forms import act_awaiting_reauthentication
from accounts.services.pending_actions import PendingAction, find_pending_action

register = template.Library()


@register.simple_tag
def identity_provider() -> dict[str, str] | None:
    """The provider's name and where the road to it begins; None while the site asks none."""
    if not settings.OIDC_ISSUER:
        return None
    return {"name": settings.OIDC_NAME, "url": reverse("openid_connect_login", args=[provider_id()])}


@register.simple_tag
def pending_action_for(address: str | None) -> PendingAction | None:
    """What the reader does at `address` once there is an account; None where that is nothing to tell."""
    return find_pending_action(address)


@register.simple_tag(takes_context=True)
def is_final_act(context: dict[str, Any]) -> bool:
    """Whether the proof is asked for because of a posted act that cannot be taken back."""
    act = act_awaiting_reauthentication(context["request"])
    return bool(act and act["is_final"])
