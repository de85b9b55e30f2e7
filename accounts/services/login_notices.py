"""Tells people what others did to their login."""

from django.conf import settings
from django.urls import reverse
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
    """One letter for all that is due; a new password is what matters most."""
    passwords = [notice for notice in notices if notice.kind == LoginNoticeKind.NEW_PASSWORD]
    if not passwords:
        return _offer_letter(notices[-1])
    center = passwords[-1].center
    where = str(center) if center else gettext("the ministry")
    body = gettext(
        "Staff of %(where)s gave your login a new password, and ended its sessions. If you did not ask for this, tell the ministry."
    ) % {"where": where}
    # Whose login it is stands in no short message: the phone number was not verified.
    return Letter(gettext("Your login has a new password"), body, text=body, may_wake=True)


def _offer_letter(notice: LoginNotice) -> Letter:
    address = f"{settings.SITE_URL}{reverse('offers')}"
    body = gettext("%(center)s offers you a role. Accept or decline it here: %(address)s") % {
        "center": notice.center,
        "address": address,
    }
    return Letter(gettext("A role is offered to you"), body, text=body)
