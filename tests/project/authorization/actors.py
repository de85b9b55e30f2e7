"""The people who try every address, and the two centers and the ministry whose rows they try."""

import datetime as dt
import time
from dataclasses import dataclass, field
from functools import cached_property

from django.test import Client
from django.utils import timezone

from accounts.enums import Act, MembershipScope, RoleName
from accounts.models import Center, User
from accounts.services.content import open_library
from tests.factories.accounts import (
    CenterFactory,
    GovernorateFactory,
    MembershipFactory,
    PersonFactory,
    UserFactory,
    deputy_for,
)
from tests.project.authorization.places import MINISTRY, Holding, Place, allows, holds

STAFF_ROLES = tuple(role for role in RoleName if role is not RoleName.TRAINEE)


@dataclass
class Actor:
    """A user with a browser. Without a user: a visitor."""

    name: str
    user: User | None = None
    holdings: tuple[Holding, ...] = ()

    @cached_property
    def client(self) -> Client:
        client = Client()
        if self.user is not None:
            client.force_login(self.user)
            session = client.session
            # Acts that ask for the password again find that it was just given, however long the tests take.
            session["account_authentication_methods"] = [
                {"method": "password", "at": time.time() + 24 * 3600}
            ]
            session["account_authentication_methods_user"] = str(self.user.pk)
            session.save()
        return client

    @property
    def is_superuser(self) -> bool:
        return self.user is not None and self.user.is_superuser

    @property
    def works_in_admin(self) -> bool:
        return self.is_superuser or any(holding.role is not RoleName.TRAINEE for holding in self.holdings)

    def allowed(self, label: str, verb: str, place: Place | None) -> bool:
        return self.is_superuser or allows(self.holdings, label, verb, place)

    def holds(self, act: Act, place: Place | None) -> bool:
        return self.is_superuser or holds(self.holdings, act, place)


@dataclass
class World:
    """Two centers in two governorates, and the actors."""

    center: Center
    sibling: Center
    actors: dict[str, Actor] = field(default_factory=dict)

    @property
    def places(self) -> dict[str, Place]:
        return {"own": Place.of(self.center), "sibling": Place.of(self.sibling), "ministry": MINISTRY}

    def add(self, name: str, *held: tuple[RoleName, str], **fields: object) -> Actor:
        """An actor who holds roles, each at "own", "sibling", "ministry" or "governorate" (that of the own center)."""
        user = UserFactory(**fields)
        holdings = tuple(self._give(user, role, where) for role, where in held)
        self.actors[name] = Actor(name, user, holdings)
        return self.actors[name]

    def add_deputy(self, name: str, *, begins_in: int = 0, days: int = 7, is_in_force: bool) -> None:
        """An actor with no role but that of the own center's manager, lent from so many days from now on."""
        lent = MembershipFactory(role=RoleName.CENTER_MANAGER, center=self.center)
        first = timezone.localdate() + dt.timedelta(days=begins_in)
        user = deputy_for(lent, since=first, days=days).user
        held = Holding(lent.role, Place.of(self.center), MembershipScope.CENTER, is_lent=True)
        self.actors[name] = Actor(name, user, (held,) if is_in_force else ())

    def _give(self, user: User, role: RoleName, where: str) -> Holding:
        if where == "governorate":
            place, scope = Place(None, self.center.governorate_id), MembershipScope.GOVERNORATE
            MembershipFactory(
                user=user, role=role, center=None, scope=scope, governorate=self.center.governorate
            )
            return Holding(role, place, scope)
        center = {"own": self.center, "sibling": self.sibling, "ministry": None}[where]
        scope = MembershipScope.CENTER if center else MembershipScope.MINISTRY
        MembershipFactory(user=user, role=role, center=center, scope=scope)
        return Holding(role, Place.of(center), scope)


def make_world() -> World:
    """Every role in every place, a person with two roles, deputies of a manager in and out of their days, a trainee, a visitor and a superuser.

    `every_role@...` hold all roles of a place: if the site refuses them, it refuses every role there.
    """
    world = World(CenterFactory(), CenterFactory(governorate=GovernorateFactory(nid_code="02")))
    for center in (world.center, world.sibling):
        open_library(center=center)
    world.actors["visitor"] = Actor("visitor")
    world.add("trainee", (RoleName.TRAINEE, "own"), person=PersonFactory(registered_at=world.center))
    for where in ("own", "sibling", "ministry"):
        for role in STAFF_ROLES:
            world.add(f"{role}@{where}", (role, where))
        world.add(f"every_role@{where}", *((role, where) for role in RoleName))
    world.add(
        "teaches_here_manages_there",
        (RoleName.INSTRUCTOR, "own"),
        (RoleName.CENTER_MANAGER, "sibling"),
    )
    world.add("manager@governorate", (RoleName.CENTER_MANAGER, "governorate"))
    world.add_deputy("deputy", is_in_force=True)
    world.add_deputy("deputy_not_begun", begins_in=1, is_in_force=False)
    world.add_deputy("deputy_over", begins_in=-9, days=9, is_in_force=False)
    world.add("superuser", is_superuser=True)
    return world
