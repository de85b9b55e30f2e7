"""Two acts, one after the other, do not lead together where neither of them leads.

Each role of a center tries every act, and after it every other one, against the people and the rows of the sibling center, of the
ministry, and against the trainees of the own center. Then no protected user has another password, the actor knows no
password of another person, and no row changed where the actor changes nothing.
"""

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from accounts.enums import RecoveryState, RoleName
from accounts.models import Center, PasswordRecovery, User
from accounts.roles import ROLES
from tests.project.authorization.actors import Actor, World, make_world
from tests.project.authorization.chains import ACTS, Act, Target, do, remember_forms, target_at
from tests.project.authorization.changes import counters, moved_since, trying
from tests.project.authorization.outside import opened_with, outside_the_rule, rows_now, secrets_of

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("authorization chains")]

ROLES_OF_A_CENTER = [name for name in ROLES if name is not RoleName.TRAINEE]


class Field:
    """The fixture of the chains: their targets, and what must not change."""

    def __init__(self) -> None:
        self.world: World = make_world()
        own, sibling = self.world.center, self.world.sibling
        self.targets = {
            "sibling": target_at("sibling", sibling, "29501010101234"),
            "ministry": target_at("ministry", sibling, "29501010101242", is_ministrys=True),
        }
        self.targets["own trainees"] = self._own_trainees(self.targets["sibling"])
        self.governorates = {center.pk: center.governorate_id for center in Center.objects.all()}
        # Logins that no staff of a center may take over.
        self.protected: list[User] = [
            user for target in self.targets.values() for user in (target.staff, target.trainee)
        ]
        superuser = self.world.actors["superuser"].client
        superuser.get(reverse("wagtailadmin_home"))
        for target in self.targets.values():
            remember_forms(target, own, superuser)
        for actor in self.world.actors.values():
            actor.client.get(reverse("account_login"))
        self.rows = rows_now(self.governorates)
        self.secrets = secrets_of(self.protected)

    def _own_trainees(self, sibling: Target) -> Target:
        """A trainee of the own center and an officer who approves there; all other rows are the sibling's."""
        own = target_at("own trainees", self.world.center, "29501010101269")
        approver = self.world.actors["certifying_officer@own"].user
        assert approver is not None
        # What a colleague had asked for the actor may give: two members of staff. Here it is the actor who asks.
        PasswordRecovery.objects.filter(pk=own.recovery.pk).update(state=RecoveryState.LAPSED)
        others = {
            name: getattr(sibling, name)
            for name in (
                "membership",
                "cohort",
                "page",
                "course",
                "review",
                "proposal",
                "credential",
                "center",
                "person",
            )
        }
        return Target(**{**vars(own), **others, "staff": approver})

    def faults(self, actor: Actor, shown: str, moved: set[str]) -> list[str]:
        """The invariants that are violated after an act."""
        if not moved:
            return []
        others = [user for user in self.protected if user != actor.user]
        now, was = secrets_of(others), self.secrets
        taken = [f"the login {key}" for key in now if now[key] != was[key]]
        return [
            *taken,
            *(f"logs in as {name}" for name in opened_with(shown, others)),
            *outside_the_rule(actor, self.rows, rows_now(self.governorates)),
        ]


@pytest.fixture(scope="module")
def field(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Field]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Field()
        transaction.set_rollback(True)


def tried_from(
    field: Field, actor: Actor, target: Target, first: Act, second: list[Act]
) -> tuple[list[str], int]:
    """Try `first`, and after it each of `second`. Returns what went wrong, and how many chains there were."""
    own, faults, count = field.world.center, [], 0
    with transaction.atomic():
        before = counters()
        shown = do(first, target, own, actor.client)
        moved = moved_since(before)
        faults += [f"{first.name}: {fault}" for fault in field.faults(actor, shown, moved)]
        for act in second:
            count += 1
            with transaction.atomic():
                middle = counters()
                page = do(act, target, own, actor.client)
                changed = moved_since(middle)
                faults += [
                    f"{first.name}, then {act.name}: {fault}"
                    for fault in field.faults(actor, shown + page, changed)
                ]
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    return [f"{actor.name} against {target.name}: {fault}" for fault in faults], count


@pytest.mark.walks("every act")
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_each_act_does_something_for_an_actor_who_may_do_it(field: Field, act: Act):
    """Else the chains would prove nothing."""
    target = field.targets["own trainees" if act.name.endswith("password here") else "sibling"]
    superuser, own = field.world.actors["superuser"].client, field.world.center
    if act.name.startswith(("ask", "take out number")):
        refuse = next(act for act in ACTS if act.name == "refuse lost password")
        do(refuse, target, own, superuser)

    with trying() as trial:
        do(act, target, own, superuser)

    assert trial.changed


@pytest.mark.walks("two acts against every target")
@pytest.mark.parametrize("role", [RoleName.CENTER_MANAGER, RoleName.REGISTRAR])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("give trainee's role here", "ask for password of trainee"),
        ("give trainee's role here", "give lost password"),
        ("ask for manager's role here", "give asked role"),
        ("ask for manager's role here", "ask for password of staff"),
        ("ask for lost password here", "give lost password"),
        ("write page", "publish"),
    ],
)
def test_two_acts_do_not_lead_where_neither_leads(
    field: Field, role: RoleName, first: str, second: str, record_property: Callable[[str, object], None]
):
    acts = {act.name: act for act in ACTS}
    actor = field.world.actors[f"{role}@own"]

    results = [
        tried_from(field, actor, target, acts[first], [acts[second]]) for target in field.targets.values()
    ]
    record_property("authorization chains", sum(count for _faults, count in results))

    assert [fault for faults, _count in results for fault in faults] == []


@pytest.mark.engines("every act after every act as every role: many minutes", nightly=True)
@pytest.mark.parametrize("target", ["sibling", "ministry", "own trainees"])
@pytest.mark.parametrize("role", ROLES_OF_A_CENTER)
def test_no_two_acts_of_any_role_lead_where_neither_leads(
    field: Field, role: RoleName, target: str, record_property: Callable[[str, object], None]
):
    actor = field.world.actors[f"{role}@own"]

    results = [tried_from(field, actor, field.targets[target], first, list(ACTS)) for first in ACTS]
    record_property("authorization chains", sum(count for _faults, count in results))

    assert [fault for faults, _count in results for fault in faults] == []
