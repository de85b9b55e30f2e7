"""What the pages of logging in say of the operator's identity provider, and of what a visitor came for."""

from django import template
from django.conf import settings
from django.urls import reverse

from accounts.identity_provider import provider_id
from accounts.services.errands import Errand, errand_at

register = template.Library()


@register.simple_tag
def identity_provider() -> dict[str, str] | None:
    """Its name and the address of its button; None where there is none."""
    if not settings.OIDC_ISSUER:
        return None
    return {"name": settings.OIDC_NAME, "url": reverse("openid_connect_login", args=[provider_id()])}


@register.simple_tag
def errand_of(address: str | None) -> Errand | None:
    """What the reader does at `address` once there is an account; None where that is nothing to tell."""
    return errand_at(address)
