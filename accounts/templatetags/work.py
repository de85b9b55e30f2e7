"""Template tags of the home page of the workplace."""

from django import template
from django.template import Context

from accounts.scoping.work import Shortcut, shortcuts_of

register = template.Library()


@register.simple_tag(takes_context=True)
def shortcuts(context: Context) -> list[Shortcut]:
    """Where the reader's roles begin."""
    return shortcuts_of(context["request"].user)
