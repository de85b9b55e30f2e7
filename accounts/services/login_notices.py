"""Tells people what others did to their login."""

from django.utils.translation import gettext

from accounts.enums import LoginNoticeKind
from accounts.models import Center, LoginNotice, User
from accounts.services.notices import Letter, send_due


def tell_of_new_password(*, user: User, center: Center | None) -> None:
    """Write, inside the caller's transaction, that staff gave the login a new password; `center` is None for the ministry."""
    if user.person_id is not None:
        LoginNotice.objects.create(person_id=user.person_id, kind=LoginNoticeKind.NEW_PASSWORD, center=center)


def deliver_login_notices(*, at_most: int = 500) -> int:
    """Send what is due. Returns how many people were written to."""
    return send_due(
        LoginNotice.objects.select_related("center").order_by("pk"),
        is_still_true=lambda _: True,
        letter=_letter,
        at_most=at_most,
    )


def _letter(notices: list[LoginNotice]) -> Letter:
    center = notices[-1].center
    where = str(center) if center else gettext("the ministry")
    body = gettext(
        "Staff of %(where)s gave your login a new password, and ended its sessions. If you did not ask for this, tell the ministry."
    ) % {"where": where}
    # Whose login it is stands in no short message: the phone number was not verified.
    return Letter(gettext("Your login has a new password"), body, text=body, may_wake=True)
