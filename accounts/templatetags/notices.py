"""The number at the bell."""

from django import template

from accounts.services.site_notices import count_unread

register = template.Library()

register.simple_tag(count_unread, name="unread_notices")
