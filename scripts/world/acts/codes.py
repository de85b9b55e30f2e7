"""Passwords by a code to a phone: the first one of a login, and one in place of a lost one."""

import re

from django.db.models import QuerySet
from django.utils import timezone

from accounts.enums import CodePurpose
from accounts.models import ContactChallenge, User
from accounts.services.codes import request_code
from accounts.services.first_logins import asks_for_identity, open_login
from accounts.services.number_proofs import prove_number, request_proof
from accounts.services.number_recoveries import check_recovery_code, login_to_open, recover_password
from accounts.services.phones import normalize_phone
from scripts.world.acts.logins import a_password
from scripts.world.history import World
from scripts.world.people import Human
from scripts.world.registry import act

GUESS = "123456"
# More than the limits of codes allow.
IMPATIENT = 5


def _holders(world: World) -> dict[str, Human]:
    """By number of a phone: who reads its messages."""
    return {normalize_phone(one.phone): one for one in world.humans} | world.phones


def _received(world: World, number: str) -> str:
    """The newest code on a phone; a guess where there is none, and now and then in spite of one."""
    codes = [
        found[0]
        for to, text in world.mailbox.sent
        if to == number and (found := re.findall(r"\b\d{6}\b", text))
    ]
    return codes[-1] if codes and world.happens(0.9) else GUESS


def _note(world: World, asked: ContactChallenge, human: Human) -> None:
    world.asked_codes[asked.value] = asked.pk, human
    if world.happens(0.9):
        # The message is there at once, mostly.
        world.mailbox.collect()
        world.mailbox.deliver("send_code")


@act(weight=1.5)
def ask_for_a_code(world: World) -> None:
    """To a phone in one's hands: mostly one whose login it may open, often one that has just asked; now and then again and again."""
    holders = _holders(world)
    numbers = sorted(holders)
    may_open = [number for number in numbers if login_to_open(number)] if world.happens(0.7) else []
    again = sorted(world.asked_codes) if world.happens(0.3) else []
    number = world.pick(again or may_open or numbers)
    world.actor = holders[number]
    address = f"192.0.2.{world.actor.key % 250}"
    for _time in range(IMPATIENT if world.strays(0.2) else 1):
        asked = request_code(purpose=CodePurpose.RECOVER, number=number, language="ar", address=address)
        _note(world, asked, world.actor)


@act(weight=6)
def choose_a_password_by_a_code(world: World) -> None:
    """The first one takes the number of the card, too."""
    rows = ContactChallenge.objects.filter(purpose=CodePurpose.RECOVER, pk__in=_asked(world))
    asked: ContactChallenge = world.apt(rows, _arrived(world, rows))
    human = world.asked_codes[asked.value][1]
    world.actor = human
    challenge = check_recovery_code(challenge_id=asked.pk, code=_received(world, asked.value))
    password = a_password(world, human.key, challenge.pk)
    if asks_for_identity(challenge.pk):
        card = world.cards.get(challenge.login_id or 0, human.number)
        user = open_login(challenge_id=challenge.pk, identity_number=card, password=password)
    else:
        user = recover_password(challenge_id=challenge.pk, password=password)
    world.forget_login(user)
    world.learn_login(human, user)


def _arrived(world: World, rows: QuerySet[ContactChallenge]) -> QuerySet[ContactChallenge]:
    """Those whose message is on the phone, in time."""
    phones = {to for to, _text in world.mailbox.sent}
    return rows.filter(
        login__isnull=False, value__in=phones, used_at=None, ended_at=None, expires_at__gt=timezone.now()
    )


def _asked(world: World) -> list[int]:
    return [key for key, _human in world.asked_codes.values()]


@act(weight=1)
def ask_to_prove_a_number(world: World) -> None:
    with_phones = User.objects.filter(phone__isnull=False, pk__in=sorted(world.owner)).values_list(
        "pk", flat=True
    )
    reached = [one for one in world.humans if one.logins & set(with_phones)]
    human = world.pick(reached if reached and world.fits() else world.humans)
    asked = request_proof(by=world.trainee(human), language="ar", address=f"192.0.2.{human.key % 250}")
    _note(world, asked, human)


@act(weight=5)
def prove_a_number(world: World) -> None:
    rows = ContactChallenge.objects.filter(purpose=CodePurpose.VERIFY, pk__in=_asked(world))
    asked: ContactChallenge = world.apt(rows, _arrived(world, rows))
    world.actor = world.asked_codes[asked.value][1]
    # Who asked types it. On somebody else's phone they do not read it.
    reads = _holders(world).get(asked.value) is world.actor
    by = User.objects.get(pk=asked.login_id or 0)
    prove_number(challenge_id=asked.pk, code=_received(world, asked.value) if reads else GUESS, by=by)
