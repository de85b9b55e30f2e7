"""Links between logins and accounts of the identity provider."""

from django.db import transaction
from wagtail.log_actions import log

from accounts.enums import LoginNoticeKind
from accounts.models import User
from accounts.services.login_notices import notify_holder


@transaction.atomic
def note_link(*, user: User) -> None:
    """Log that an account of the identity provider was linked to the login, and notify the holder."""
    notify_holder(user=user, kind=LoginNoticeKind.PROVIDER_LINKED, center=None)
    log(user, "accounts.login.link_provider", user=user)


def note_end_of_link(*, user: User) -> None:
    log(user, "accounts.login.unlink_provider", user=user)
