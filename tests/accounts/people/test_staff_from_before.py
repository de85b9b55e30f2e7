"""A site from before cards were compared works on, and has thirty days."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.db.models import F

from accounts.enums import HandKind, MembershipScope, RoleName
from accounts.models import Center, LoginHand, User
from accounts.scoping.hands import counts_as_hand, hands_of, line_of
from accounts.scoping.work import work_waiting_for
from accounts.services.hands import StandsBehindLogin, confirm_card
from accounts.services.logins import create_login
from accounts.services.memberships import give_role
from tests.accounts.people.numbers import national_number
from tests.factories.accounts import MembershipFactory, TraineeFactory, UserFactory, staff_member

pytestmark = pytest.mark.django_db


def upgraded() -> None:
    """As after the migration of a site that has no such row."""
    LoginHand.objects.all().delete()
    import_module("accounts.migrations.0019_hands_behind_logins").note_hands(apps, None)


def thirty_days_later() -> None:
    LoginHand.objects.update(counts_from=F("counts_from") - dt.timedelta(days=31))


@pytest.fixture
def staff(center: Center) -> dict[str, User]:
    """One administrator made an officer and a manager, and the manager a registrar."""
    admin, other = UserFactory(is_superuser=True), staff_member(RoleName.MINISTRY_OFFICER)
    officer = create_login(username="officer", by=admin)
    manager = create_login(username="manager", by=admin)
    MembershipFactory(
        user=officer, role=RoleName.MINISTRY_OFFICER, center=None, scope=MembershipScope.MINISTRY
    )
    MembershipFactory(user=manager, role=RoleName.CENTER_MANAGER, center=center)
    registrar = create_login(username="registrar", by=manager)
    give_role(user_id=registrar.pk, role=RoleName.REGISTRAR, center=center, by=manager)
    TraineeFactory()
    upgraded()
    return {"admin": admin, "other": other, "officer": officer, "manager": manager, "registrar": registrar}


def test_for_thirty_days_all_count_as_they_did(staff: dict[str, User]):
    assert [counts_as_hand(user) for user in staff.values()] == [True] * 5
    assert [hands_of(user) for user in staff.values()] == [{user.pk} for user in staff.values()]
    assert LoginHand.objects.filter(kind=HandKind.BEFORE).count() == 5


def test_then_those_count_whose_card_was_compared(staff: dict[str, User]):
    confirm_card(
        user_id=staff["officer"].pk,
        number=national_number(dt.date(1980, 1, 1)),
        full_name_ar="منى سيد أحمد",
        by=staff["other"],
    )
    thirty_days_later()

    assert [name for name, user in staff.items() if counts_as_hand(user)] == ["officer"]
    assert hands_of(staff["officer"]) == {staff["officer"].pk}
    assert hands_of(staff["registrar"]) == {staff[name].pk for name in ("admin", "manager", "registrar")}


def test_who_made_a_login_does_not_compare_its_card(staff: dict[str, User]):
    assert line_of(staff["registrar"]) == {staff[name].pk for name in ("admin", "manager", "registrar")}
    for name in ("admin", "manager"):
        with pytest.raises(StandsBehindLogin):
            confirm_card(user_id=staff["registrar"].pk, number="1", by=staff[name])


def test_the_list_of_cards_is_on_the_home_of_who_compares(staff: dict[str, User]):
    [cards] = [waiting for waiting in work_waiting_for(staff["officer"]) if waiting.work.name == "cards"]

    assert {line.text for line in cards.lines} == {
        str(staff[name]) for name in ("other", "manager", "registrar")
    }
    assert all(line.note for line in cards.lines)
