"""Pairs about logins."""

import random

from django.utils import timezone

from accounts.enums import CodePurpose, ContactKind, ContactProof, RoleName
from accounts.models import ContactChallenge
from accounts.services.codes import VALID_FOR, hash_code
from accounts.services.contacts import record_contact
from accounts.services.hands import confirm_card
from accounts.services.number_recoveries import check_recovery_code, recover_password
from accounts.services.recoveries import ask_for_password_of_staff, give_password
from accounts.services.staff_logins import create_staff_login
from scripts.world.acts.seats import WHY
from scripts.world.pairs.registry import Act, again, pair
from scripts.world.people import some_human
from tests.factories.accounts import CenterFactory, TraineeFactory, staff_member

CODE = "305713"


@pair("a card is compared, and a new password given")
def compared_and_given() -> tuple[Act, Act]:
    human = some_human(1, random.Random(1), timezone.localdate())  # noqa: S311 - always the same
    officers = [staff_member(RoleName.MINISTRY_OFFICER) for _hand in range(3)]
    manager = staff_member(RoleName.CENTER_MANAGER, CenterFactory())
    login = create_staff_login(full_name_ar=human.name, number=human.number, phone=human.phone, by=manager)
    asked = ask_for_password_of_staff(user_id=login.pk, reason=WHY, by=officers[0])
    return (
        lambda: confirm_card(
            user_id=login.pk,
            number=human.number,
            phone=human.phone,
            full_name_ar=human.name,
            by=again(officers[1]),
        ),
        lambda: give_password(recovery_id=asked.pk, by=again(officers[2])),
    )


@pair("one code is typed twice")
def typed_twice() -> tuple[Act, Act]:
    trainee = TraineeFactory()
    number = "+201012345678"
    record_contact(
        person_id=trainee.person_id,
        kind=ContactKind.PHONE,
        value=number,
        proved_how=ContactProof.CODE,
        by=trainee,
    )
    asked = ContactChallenge.objects.create(
        value=number,
        purpose=CodePurpose.RECOVER,
        login=trainee,
        language="ar",
        expires_at=timezone.now() + VALID_FOR,
    )
    asked.code_hash = hash_code(asked, CODE)
    asked.save()

    def choose(password: str) -> None:
        challenge = check_recovery_code(challenge_id=asked.pk, code=CODE)
        recover_password(challenge_id=challenge.pk, password=password)

    return lambda: choose("vise-and-anvil-9"), lambda: choose("plane-and-level-7")
