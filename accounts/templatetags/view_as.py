"""While staff see pages as a trainee does."""

from django import template

from accounts.models import ViewAs
from accounts.scoping.seen import is_seen_by_staff

register = template.Library()

register.simple_tag(is_seen_by_staff, name="is_seen_by_staff")


@register.simple_tag(takes_context=True)
def running_view(context: template.Context) -> ViewAs | None:
    """The view that runs in this session, as the middleware found it."""
    return getattr(context.get("request"), "view_as", None)
