"""What no one reads beyond their right: numbers of cards, names, right answers, in pages, files and messages, as random readers see them."""

from collections import Counter
from collections.abc import Iterator

from django.urls import reverse

from accounts.enums import MembershipScope
from accounts.models import Membership, Person, User
from accounts.services.personal_data import personal_data
from accounts.services.phones import normalize_phone
from courses.models import Enrollment, SeatHold, Transfer, WaitingEntry
from scripts.world.browser import open_address, text_of
from scripts.world.history import World
from scripts.world.people import Human
from scripts.world.registry import invariant
from tests.factories.assessment import SECRET_WHY

READERS = 5
LISTS = (
    "person", "enrollment", "cohort", "credentials", "proposals", "user", "imports", "membership", "audit", "classsession",
)  # fmt: skip
# As a page, and as files: not each list has them.
FORMATS = ("", "", "csv", "xlsx")
# Those of which each line is a person of a center.
OF_PEOPLE = ("person", "enrollment", "credentials")


@invariant(
    "No list, on a page or as a file, shows a number of a card, a name of another center, or a right answer.",
    is_late=True,
)
def nothing_beyond_right_on_lists(world: World) -> Iterator[str]:
    readers = sorted({key for human in world.humans for key in human.logins})
    rows = (
        User.objects.filter(pk__in=readers, is_active=True, memberships__isnull=False)
        .distinct()
        .order_by("pk")
    )
    for reader in world.chance.sample(list(rows), min(READERS, len(rows))):
        for name in world.chance.sample(LISTS, 2):
            form = world.chance.choice(FORMATS)
            answer = open_address(reader, reverse(f"{name}:index"), **({"export": form} if form else {}))
            where = f"the list of {name} ({form or 'page'}), to login {reader.pk}"
            if answer.status_code not in (200, 302, 404):
                yield f"{where}: answer {answer.status_code}"
            elif answer.status_code == 200:
                yield from (
                    f"{where}: {what}" for what in _beyond_right(world, text_of(answer), name, reader)
                )


def _beyond_right(world: World, text: str, name: str, reader: User) -> Iterator[str]:
    yield from (f"the number of {human}" for human in world.humans if human.number in text)
    if SECRET_WHY in text:
        yield "why an answer is right"
    if name in OF_PEOPLE:
        places = _places(reader)
        if places is not None:
            known = _known_at(world, places)
            shown = (human for human in _names(world).values() if human not in known and human.name in text)
            yield from (f"the name of {human}, who was never at {sorted(places)}" for human in shown)


def _names(world: World) -> dict[str, Human]:
    """Trainees whose name no one else has, or signed up with."""
    counts = Counter([human.name for human in world.humans] + world.borrowed)
    return {
        human.name: human for human in world.humans if human.person and human.home and counts[human.name] == 1
    }


def _places(reader: User) -> set[int] | None:
    """The centers where somebody works; None for who works everywhere."""
    held = Membership.objects.current().filter(user=reader)
    if held.exclude(scope=MembershipScope.CENTER).exists():
        return None
    return set(held.values_list("center", flat=True))


def _known_at(world: World, places: set[int]) -> set[Human]:
    """Who is registered there, or has or had a seat or waits for one there; and colleagues, who have no home."""
    there = {"cohort__center__in": places}
    rows = [
        Enrollment.objects.filter(**there).values_list("person", flat=True),
        SeatHold.objects.filter(**there).values_list("person", flat=True),
        WaitingEntry.objects.filter(**there).values_list("person", flat=True),
        Transfer.objects.filter(from_cohort__center__in=places).values_list("enrollment__person", flat=True),
        Person.everyone.filter(registered_at__in=places).values_list("pk", flat=True),
    ]
    keys = {key for of_kind in rows for key in of_kind}
    people = {world.subject[key] for key in keys if key in world.subject}
    return people | {human for human in world.humans if human.home in places}


@invariant(
    "The file of somebody's own data shows no one else's number or name, and no right answer.", is_late=True
)
def own_data_are_own(world: World) -> Iterator[str]:
    asking = [human for human in world.humans if human.person and human.home]
    for human in world.chance.sample(asking, min(2, len(asking))):
        text = "".join(personal_data(Person.everyone.get(pk=human.person or 0)))
        if SECRET_WHY in text:
            yield f"the file of {human} says why an answer is right"
        for other in world.humans:
            if other is not human and other.number in text:
                yield f"the file of {human} has the number of {other}"
        yield from (
            f"the file of {human} has the name of {other}"
            for other in _names(world).values()
            if other is not human and other.name in text
        )


@invariant(
    "No message has a number of a card or a right answer, and none to a trainee the name of somebody else.",
    is_late=True,
)
def messages_are_about_their_reader(world: World) -> Iterator[str]:
    phones = {normalize_phone(human.phone): human for human in world.humans if human.person and human.home}
    names = _names(world)
    for to, text in world.mailbox.sent:
        if SECRET_WHY in text:
            yield f"a message to {to} says why an answer is right"
        yield from (
            f"a message to {to} has the number of {one}" for one in world.humans if one.number in text
        )
        reader = phones.get(to)
        if reader is not None:
            others = (one for one in names.values() if one is not reader and one.name in text)
            yield from (f"a message to {reader} has the name of {one}" for one in others)
