"""Two logins behind which one person is do not do together what needs two people."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.enums import HandKind, LoginNoticeKind, MembershipScope, RoleName
from accounts.models import Center, LoginHand, LoginNotice, User
from accounts.scoping.hands import CardNotCompared, NotTwoPeople, counts_as_hand, hands_of, hands_shown
from accounts.services.first_logins import unopened_login
from accounts.services.hands import (
    CardComparedAlready,
    CardDiffers,
    CardOutOfReach,
    NumberNotTheirs,
    PersonOfAnotherLogin,
    StandsBehindLogin,
    confirm_card,
)
from accounts.services.identity_documents import register_national_id
from accounts.services.memberships import HolderNotCompared, MadeByYou, RoleTakesTwo, give_role
from accounts.services.offers import accept_offer, offer_role
from accounts.services.recoveries import (
    AskedByYourself,
    ask_for_password,
    ask_for_password_of_staff,
    give_password,
)
from accounts.services.role_requests import (
    RoleAskedByYourself,
    RoleRequestOver,
    RoleTakesOne,
    ask_for_role,
    give_asked_role,
    refuse_role,
)
from accounts.services.staff_logins import create_staff_login
from tests.accounts.people.numbers import national_number
from tests.factories.accounts import (
    MembershipFactory,
    PersonFactory,
    TraineeFactory,
    UserFactory,
    deputy_for,
    staff_member,
)
from tests.factories.courses import EnrollmentFactory

pytestmark = pytest.mark.django_db

TRAINEE_CARD = "29501010101234"


def card(number: int) -> str:
    return national_number(dt.date(1980, 1, 1), serial=number)


def new_login(number: int, *, by: User, center: Center | None = None, name: str = "هدى سيد مرسي") -> User:
    return create_staff_login(
        full_name_ar=name,
        number=card(number),
        phone=f"0101234{number:04}",
        username=f"colleague{number}",
        center=center,
        by=by,
    )


def new_registrar(number: int, center: Center, *, by: User) -> User:
    login = new_login(number, by=by, center=center)
    give_role(user_id=login.pk, role=RoleName.REGISTRAR, center=center, by=by)
    return fresh(login)


def fresh(user: User) -> User:
    """As the next request reads it."""
    return User.objects.get(pk=user.pk)


@pytest.fixture
def officer() -> User:
    return staff_member(RoleName.MINISTRY_OFFICER)


@pytest.fixture
def trainee(center: Center, manager: User) -> User:
    trainee = TraineeFactory(password="lost", person__registered_at=center)
    register_national_id(person_id=trainee.person.pk, number=TRAINEE_CARD, by=manager)
    EnrollmentFactory(person=trainee.person, cohort__center=center)
    return trainee


# The abuses, played to their ends


def test_a_manager_takes_no_trainee_over_with_a_second_login(center: Center, manager: User, trainee: User):
    second = new_registrar(1, center, by=manager)
    asked = ask_for_password(number=TRAINEE_CARD, center=center, reason="lost", by=manager)

    with pytest.raises(NotTwoPeople, match="شخصًا واحدًا"):
        give_password(recovery_id=asked.pk, by=second)
    with pytest.raises(StandsBehindLogin):
        confirm_card(user_id=second.pk, number=card(1), phone=second.phone or "", by=manager)
    assert fresh(trainee).check_password("lost")


def test_nor_the_other_way_round(center: Center, manager: User, trainee: User):
    second = new_registrar(1, center, by=manager)
    asked = ask_for_password(number=TRAINEE_CARD, center=center, reason="lost", by=second)

    with pytest.raises(NotTwoPeople, match="شخصًا واحدًا"):
        give_password(recovery_id=asked.pk, by=manager)
    assert fresh(trainee).check_password("lost")


def test_nor_with_two_logins_that_the_manager_made(center: Center, manager: User, trainee: User):
    one, other = (new_registrar(number, center, by=manager) for number in (1, 2))
    asked = ask_for_password(number=TRAINEE_CARD, center=center, reason="lost", by=one)
    LoginHand.objects.create(login=other, kind=HandKind.BEFORE, counts_from=timezone.now() + dt.timedelta(1))

    with pytest.raises(NotTwoPeople):
        give_password(recovery_id=asked.pk, by=other)


def test_a_manager_learns_no_password_of_a_colleague(center: Center, manager: User):
    second = new_registrar(1, center, by=manager)
    asked = ask_for_password_of_staff(user_id=second.pk, reason="first day", by=manager)

    with pytest.raises(AskedByYourself):
        give_password(recovery_id=asked.pk, by=manager)
    assert not fresh(second).has_usable_password()


def test_an_officer_reaches_the_certifying_role_with_no_second_and_third_login(officer: User):
    second, third = (new_login(number, by=officer) for number in (1, 2))

    with pytest.raises(RoleTakesTwo):
        give_role(
            user_id=second.pk, role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, by=officer
        )
    with pytest.raises(HolderNotCompared):
        ask_for_role(
            user_id=second.pk,
            role=RoleName.MINISTRY_OFFICER,
            scope=MembershipScope.MINISTRY,
            reason="more hands",
            by=officer,
        )
    # Had it the role by whatever way, it would give nothing that approves.
    MembershipFactory(
        user=second, role=RoleName.MINISTRY_OFFICER, center=None, scope=MembershipScope.MINISTRY
    )
    for giver in (officer, second):
        with pytest.raises(MadeByYou):
            give_role(
                user_id=third.pk,
                role=RoleName.CERTIFYING_OFFICER,
                scope=MembershipScope.MINISTRY,
                by=fresh(giver),
            )
    for confirmer in (officer, second):
        with pytest.raises(StandsBehindLogin):
            confirm_card(user_id=third.pk, number=card(2), phone=third.phone or "", by=fresh(confirmer))


def test_a_superuser_is_no_way_round(center: Center, trainee: User):
    superuser = User.objects.create_superuser("root", "anvil-and-lathe-7")
    asked = ask_for_password(
        number=TRAINEE_CARD, center=center, reason="lost", by=staff_member(RoleName.REGISTRAR, center)
    )
    third = new_login(1, by=superuser)

    with pytest.raises(CardNotCompared):
        give_password(recovery_id=asked.pk, by=superuser)
    with pytest.raises(MadeByYou):
        give_role(
            user_id=third.pk,
            role=RoleName.CERTIFYING_OFFICER,
            scope=MembershipScope.MINISTRY,
            by=superuser,
        )


def test_nor_with_the_card_of_a_colleague_and_a_phone_of_the_manager(
    center: Center, manager: User, officer: User, trainee: User
):
    second = new_registrar(1, center, by=manager)
    asked = ask_for_password(number=TRAINEE_CARD, center=center, reason="lost", by=manager)

    with pytest.raises(NumberNotTheirs):
        confirm_card(user_id=second.pk, number=card(1), phone="01098765432", by=officer)
    with pytest.raises(NotTwoPeople):
        give_password(recovery_id=asked.pk, by=second)


def test_a_password_from_before_the_comparison_opens_nothing_after_it(
    center: Center, manager: User, officer: User
):
    second = new_registrar(1, center, by=manager)
    second.set_password("chosen by who made it")
    second.save()
    before = second.session_generation

    confirm_card(user_id=second.pk, number=card(1), phone=second.phone or "", by=officer)

    assert not fresh(second).was_opened
    assert fresh(second).session_generation > before
    assert unopened_login(second.phone or "") == second
    assert LoginNotice.objects.get(user=second).kind == LoginNoticeKind.EMPTIED


# Who is behind whom


def test_the_comparison_of_a_card_makes_two_people_of_two_logins(
    center: Center, manager: User, officer: User, trainee: User
):
    second = new_registrar(1, center, by=manager)
    asked = ask_for_password(number=TRAINEE_CARD, center=center, reason="lost", by=manager)

    with pytest.raises(CardDiffers):
        confirm_card(user_id=second.pk, number=card(2), phone=second.phone or "", by=officer)
    confirm_card(user_id=second.pk, number=card(1), phone=second.phone or "", by=officer)

    assert give_password(recovery_id=asked.pk, by=second)
    with pytest.raises(CardComparedAlready):
        confirm_card(user_id=second.pk, number=card(1), phone=second.phone or "", by=officer)


def test_who_stands_behind_a_maker_stands_behind_what_it_makes(center: Center, officer: User):
    made = new_login(1, by=officer, center=center)
    give_role(user_id=made.pk, role=RoleName.INSTRUCTOR, center=center, by=officer)
    MembershipFactory(user=made, role=RoleName.CENTER_MANAGER, center=center)
    next_made = new_registrar(2, center, by=fresh(made))

    for user in (officer, made, next_made):
        assert hands_of(fresh(user)) == {officer.pk, made.pk, next_made.pk}
        assert hands_shown(fresh(user)) == {officer.pk, made.pk, next_made.pk}


def test_logins_of_two_lines_are_two_hands(center: Center, manager: User):
    other = staff_member(RoleName.CENTER_MANAGER, center)
    one, two = new_registrar(1, center, by=manager), new_registrar(2, center, by=other)

    assert hands_of(one) == {one.pk, manager.pk}
    assert hands_of(two) == {two.pk, other.pk}


def test_a_deputy_counts_with_the_line_of_the_lender(center: Center, manager: User):
    made = new_registrar(1, center, by=manager)
    lent = made.memberships.get()
    deputy = deputy_for(lent).user

    assert hands_of(deputy) == hands_shown(fresh(deputy)) == {deputy.pk, made.pk, manager.pk}


def test_a_role_given_after_the_comparison_ties_no_one(center: Center, manager: User, officer: User):
    second = new_registrar(1, center, by=manager)
    confirm_card(user_id=second.pk, number=card(1), phone=second.phone or "", by=officer)

    give_role(user_id=second.pk, role=RoleName.INSTRUCTOR, center=center, by=manager)

    assert hands_of(second) == {second.pk}


def test_a_password_given_after_it_does(center: Center, manager: User, officer: User):
    second = new_registrar(1, center, by=manager)
    confirm_card(user_id=second.pk, number=card(1), phone=second.phone or "", by=officer)
    asked = ask_for_password_of_staff(user_id=second.pk, reason="lost", by=manager)

    assert give_password(recovery_id=asked.pk, by=officer)

    assert hands_of(second) == {second.pk, officer.pk}
    with pytest.raises(StandsBehindLogin):
        confirm_card(user_id=second.pk, number=card(1), phone=second.phone or "", by=officer)
    confirm_card(user_id=second.pk, number=card(1), phone=second.phone or "", by=manager)
    assert hands_of(second) == {second.pk}


def test_two_logins_of_merged_records_are_one_hand():
    kept = UserFactory(person=PersonFactory())
    second = UserFactory(person=PersonFactory(merged_into=kept.person))

    assert hands_of(kept) == {kept.pk, second.pk}


def test_a_card_is_compared_where_one_gives_roles(center: Center, other_center: Center, manager: User):
    stranger = staff_member(RoleName.CENTER_MANAGER, other_center)
    second = new_registrar(1, center, by=manager)

    for by in (stranger, staff_member(RoleName.REGISTRAR, center), second):
        with pytest.raises(CardOutOfReach):
            confirm_card(user_id=second.pk, number=card(1), phone=second.phone or "", by=by)


def test_one_person_has_one_login(center: Center, manager: User):
    new_registrar(1, center, by=manager)

    with pytest.raises(PersonOfAnotherLogin):
        new_login(1, by=manager, center=center)


# Staff from before


def from_before(role: RoleName, center: Center | None = None, *, days: int) -> User:
    user = staff_member(role, center)
    until = timezone.now() + dt.timedelta(days)
    user.hands.all().delete()
    LoginHand.objects.create(login=user, kind=HandKind.BEFORE, counts_from=until)
    return user


def test_staff_from_before_count_for_thirty_days(center: Center, trainee: User):
    asked = ask_for_password(
        number=TRAINEE_CARD, center=center, reason="lost", by=staff_member(RoleName.REGISTRAR, center)
    )
    late = from_before(RoleName.REGISTRAR, center, days=-1)

    with pytest.raises(CardNotCompared):
        give_password(recovery_id=asked.pk, by=late)
    assert give_password(recovery_id=asked.pk, by=from_before(RoleName.REGISTRAR, center, days=1))


def test_of_staff_from_before_somebody_is_the_first(center: Center):
    LoginHand.objects.all().delete()
    first, second = (from_before(RoleName.MINISTRY_OFFICER, days=-1) for _ in range(2))
    third = from_before(RoleName.MINISTRY_OFFICER, days=-1)

    confirm_card(
        user_id=first.pk, number=card(1), phone=first.phone or "", full_name_ar="منى سيد أحمد", by=second
    )

    assert counts_as_hand(first)
    assert fresh(first).person.full_name_ar == "منى سيد أحمد"
    with pytest.raises(CardNotCompared):
        confirm_card(user_id=third.pk, number=card(2), phone=third.phone or "", by=second)
    confirm_card(user_id=second.pk, number=card(2), phone=second.phone or "", by=first)


# Roles that give roles


def ask_for_manager(user: User, center: Center, by: User):
    return ask_for_role(
        user_id=user.pk, role=RoleName.CENTER_MANAGER, center=center, reason="leads the center", by=by
    )


def test_two_people_give_a_role_that_gives_roles(center: Center, manager: User, officer: User):
    colleague = staff_member(RoleName.INSTRUCTOR, center)

    asked = ask_for_manager(colleague, center, manager)
    with pytest.raises(RoleAskedByYourself):
        give_asked_role(request_id=asked.pk, by=manager)
    held = give_asked_role(request_id=asked.pk, by=officer)

    assert (held.role, held.center) == (RoleName.CENTER_MANAGER, center)
    with pytest.raises(RoleRequestOver):
        refuse_role(request_id=asked.pk, by=officer)


def test_two_logins_of_one_line_are_not_two_people(center: Center, manager: User):
    colleague = staff_member(RoleName.INSTRUCTOR, center)
    second = new_registrar(1, center, by=manager)
    MembershipFactory(user=second, role=RoleName.CENTER_MANAGER, center=center)
    asked = ask_for_manager(colleague, center, fresh(second))

    with pytest.raises(NotTwoPeople):
        give_asked_role(request_id=asked.pk, by=manager)


def test_it_is_not_given_by_one_nor_offered(center: Center, manager: User, officer: User):
    colleague = staff_member(RoleName.INSTRUCTOR, center)

    for by in (manager, officer):
        with pytest.raises(RoleTakesTwo):
            give_role(user_id=colleague.pk, role=RoleName.CENTER_MANAGER, center=center, by=by)
    offer = offer_role(
        typed=colleague.username, role=RoleName.CENTER_MANAGER, center=center, reason="leads", by=manager
    )
    with pytest.raises(RoleTakesTwo):
        accept_offer(offer_id=offer.pk, by=colleague)
    with pytest.raises(RoleTakesOne):
        ask_for_role(user_id=colleague.pk, role=RoleName.REGISTRAR, center=center, reason="desk", by=manager)


def test_a_refused_role_is_not_given(center: Center, manager: User, officer: User):
    colleague = staff_member(RoleName.INSTRUCTOR, center)
    asked = ask_for_manager(colleague, center, manager)

    refuse_role(request_id=asked.pk, by=officer)

    with pytest.raises(RoleRequestOver):
        give_asked_role(request_id=asked.pk, by=officer)
    assert not colleague.memberships.filter(role=RoleName.CENTER_MANAGER).exists()
