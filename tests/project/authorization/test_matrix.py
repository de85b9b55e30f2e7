"""Every address is tried by all actors, with rows of the own center, of its sibling and of the ministry.

In `make test` each address is tried by one actor whom the table lets in and by the strongest of those whom it refuses: all roles of the
ministry, of the sibling center or of the own one. `make test-all` tries every role in every place.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import batched

import pytest
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from tests.kept_rows import kept_rows
from tests.project.authorization.actors import Actor, World, make_world
from tests.project.authorization.rows import entry_of
from tests.project.authorization.subjects import (
    Subject,
    subject_without_row,
    subjects_of_holders,
    subjects_of_pages,
    subjects_of_rows,
)
from tests.project.authorization.table import Address, Entry, Kind, addresses
from tests.project.authorization.trying import expects, faults_of, faults_of_holder

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("authorization"),
    # Wagtail leaves the file of a new rendition to the garbage collector.
    pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"),
]

PAGE = "wagtailcore.Page"
# Addresses in one test, which may use one second.
AT_ONCE = 8
WHERES = ("own", "sibling", "ministry")
Group = list[tuple[Address, Entry]]


def name_of_group(address: Address, entry: Entry) -> str:
    """One test tries all addresses that take the same row, because a row is dear to build and a page cheap to open."""
    if entry.kind is Kind.RULE and address.arguments:
        return f"rows of {entry.row or entry.label}"
    if entry.kind is Kind.OWN:
        return f"own {address}"
    return f"{entry.kind.name.lower()} {address.split(':')[0].split('_')[0]}"


def grouped() -> dict[str, Group]:
    groups: dict[str, Group] = defaultdict(list)
    for address in addresses():
        entry = entry_of(address)
        groups[name_of_group(address, entry)].append((address, entry))
    return {
        f"{name} {number}" if number else name: list(part)
        for name, group in groups.items()
        for number, part in enumerate(batched(group, AT_ONCE, strict=False))
    }


GROUPS = grouped()


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Thirty people, made once for all tests of this file."""
    with kept_rows(django_db_blocker):
        made = make_world()
        for actor in made.actors.values():
            # Logs in, outside what each test takes back.
            actor.client.raise_request_exception = False
        # The first page of a site writes its settings.
        made.actors["superuser"].client.get(reverse("wagtailadmin_home"))
        yield made


def subjects(name: str, world: World, wheres: tuple[str, ...]) -> Iterator[tuple[Address, Entry, Subject]]:
    group = GROUPS[name]
    entry = group[0][1]
    if name.startswith(f"rows of {PAGE}"):
        yield from subjects_of_pages(group, world, wheres)
    elif name.startswith("rows of "):
        yield from subjects_of_rows(group, world, wheres)
    elif entry.kind is Kind.OWN and group[0][0].arguments:
        yield from subjects_of_holders(*group[0], world, wheres)
    else:
        for address, row in group:
            yield address, row, subject_without_row(address, world)


def chosen(world: World, entry: Entry, subject: Subject) -> list[Actor]:
    """The first who is let in, and those refused who hold most: all roles somewhere, or one role at the center itself."""
    actors = world.actors.values()
    let_in = [actor for actor in actors if expects(actor, entry, subject)]
    refused = [actor for actor in actors if not expects(actor, entry, subject)]
    strongest = sorted(refused, key=lambda actor: (len(actor.holdings), actor.works_in_admin))
    return [*let_in[:1], *strongest[-1:]]


@pytest.mark.walks("every address")
@pytest.mark.parametrize("name", GROUPS)
def test_the_site_matches_the_table(name: str, world: World, record_property: Callable[[str, object], None]):
    faults, tried = [], 0
    for address, entry, subject in subjects(name, world, ("own",)):
        for found, asked in (
            faults_of_holder(address, entry, subject, chosen(world, entry, subject)),
            faults_of(address, entry, subject, chosen(world, entry, subject), whole=False),
        ):
            faults += found
            tried += asked
    record_property("authorization requests", tried)

    assert faults == []


@pytest.mark.walks("every address of three models")
@pytest.mark.parametrize(
    "name",
    [f"rows of {label}" for label in ("accounts.Membership", "courses.SeatHold", "courses.Venue")],
)
def test_a_deputy_may_what_the_table_says_on_the_lent_days_only(name: str, world: World):
    deputies = [actor for actor in world.actors.values() if actor.name.startswith("deputy")]
    faults = [
        fault
        for address, entry, subject in subjects(name, world, ("own",))
        for fault in faults_of(address, entry, subject, deputies, whole=False)[0]
    ]

    assert faults == []


@pytest.mark.engines("every address as every role in every place: many minutes", nightly=True)
@pytest.mark.parametrize("name", GROUPS)
def test_the_site_matches_the_table_for_every_role_in_every_place(
    name: str, world: World, record_property: Callable[[str, object], None]
):
    faults, tried = [], 0
    for address, entry, subject in subjects(name, world, WHERES):
        for found, asked in (
            faults_of_holder(address, entry, subject, world.actors.values()),
            faults_of(address, entry, subject, world.actors.values(), whole=True),
        ):
            faults += found
            tried += asked
    record_property("authorization requests", tried)

    assert faults == []
