"""How mails name the ministry's site: in the sender and below the text, by the visual identity."""

from email.utils import formataddr, parseaddr

from django.conf import settings
from wagtail.models import Site

from accounts.models import VisualIdentity


def name_of_site() -> str:
    return _identity().name


def sender() -> str:
    """The address that mails come from, with the name of the site in the language that is active."""
    return formataddr((_identity().name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def with_site_signature(body: str) -> str:
    """The text of a mail with the name of the site and of its authority below it."""
    identity = _identity()
    # The line that mail programs know a signature by (RFC 3676, section 4.3).
    return f"{body.rstrip()}\n\n-- \n{identity.name} · {identity.authority}\n"


def _identity() -> VisualIdentity:
    site = Site.objects.filter(is_default_site=True).first()
    return VisualIdentity.for_site(site) if site else VisualIdentity()
