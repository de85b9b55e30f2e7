"""Makes codes and hands them to the gateway. They are in the memory of the worker and in the message, and nowhere else."""

import secrets

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.enums import CodePurpose, DeliveryPurpose
from accounts.models import ContactChallenge, User
from accounts.services.codes import hash_code
from accounts.services.gateway import sends_codes
from accounts.services.mail_identity import name_of_site
from accounts.services.number_proofs import own_number
from accounts.services.number_recoveries import login_to_open
from accounts.services.short_messages import CapReached, hand_over
from accounts.sms import SmsNotSent, SmsUnknown
from jobs.services.leases import fenced, finish
from jobs.services.working import work_on

# One part in both languages (`accounts.sms`). The digits stay Latin: phones offer such a code to the page by themselves.
TEXTS = {
    CodePurpose.VERIFY: _("%(code)s confirms that this number is yours. Tell it to no one."),
    CodePurpose.RECOVER: _("%(code)s is for choosing a new password. Tell it to no one."),
}


class CodeNotSent(Exception):
    """The gateway did not take the message. The text never has the code."""


def send_code(*, challenge_id: int) -> None:
    """Make the code of a request and send it, where someone may use it. Safe with concurrent workers; tried three times.

    A worker that dies between the gateway's answer and the row leads to a second message, with another code, which is valid.
    """
    work_on(ContactChallenge, challenge_id, _send, expected=(CodeNotSent,))


def _send(challenge: ContactChallenge) -> None:
    login = _reader(challenge)
    is_over = challenge.ended_at is not None or challenge.expires_at <= timezone.now()
    if login is None or is_over or not sends_codes():
        finish(challenge)
        return
    code = f"{secrets.randbelow(10**6):06}"
    with transaction.atomic():
        held = fenced(challenge)
        held.login, held.code_hash = login, hash_code(held, code)
        held.save(update_fields=["login", "code_hash"])
    with translation.override(challenge.language):
        text = f"{name_of_site()}: {TEXTS[CodePurpose(challenge.purpose)] % {'code': code}}"
    try:
        hand_over(text, challenge.value, DeliveryPurpose.CODE, person_id=login.person_id)
    except SmsNotSent as error:
        # A gateway may repeat the message in its answer, which is kept on the row and logged.
        raise CodeNotSent(str(error).replace(code, "******")) from None
    except CapReached:
        raise CodeNotSent("The month's short messages and their reserve are used up.") from None
    except SmsUnknown:
        # It may have arrived; who has none asks for another.
        finish(challenge)
        return
    finish(challenge, sent_at=timezone.now())


def _reader(challenge: ContactChallenge) -> User | None:
    """Who may use the code now."""
    if challenge.purpose == CodePurpose.RECOVER:
        return login_to_open(challenge.value)
    login = challenge.login
    is_own = login is not None and login.is_active and own_number(login).value == challenge.value
    return login if is_own else None
