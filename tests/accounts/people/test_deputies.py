"""Deputies hold a role of a colleague for some days: who names them, what they get, and when it ends."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act, LoginNoticeKind, MembershipScope, RoleName
from accounts.errors import DomainError, ReasonMissing
from accounts.models import AuditEntry, Center, Deputy, LoginHand, LoginNotice, Membership, User
from accounts.roles import NEVER_LENT, ROLES, acts_lent
from accounts.scoping import acts_held, acts_held_in, centers_where, may, may_everywhere
from accounts.scoping.reach import reaches_login, reaches_person
from accounts.services.deputies import (
    DaysInThePast,
    DaysReversed,
    DeputyAway,
    DeputyLearnsThere,
    DeputyOver,
    DeputyThen,
    NotAColleague,
    NotToBeLent,
    OwnDeputy,
    RoleIsOver,
    TooManyDays,
    end_deputy,
    name_deputy,
)
from accounts.services.lendings import tell_due_deputies
from accounts.services.logins import deactivate_login, reactivate_login
from accounts.services.memberships import (
    HolderNotCompared,
    MadeByYou,
    OwnRole,
    RoleAlreadyHeld,
    RoleOutOfReach,
    RolesConflict,
    end_role,
    give_role,
)
from lms.demo.clock import at
from tests.factories.accounts import (
    MembershipFactory,
    PersonFactory,
    UserFactory,
    deputy_for,
    staff_member,
)
from tests.factories.courses import EnrollmentFactory

DAY = dt.timedelta(days=1)


@pytest.fixture
def lent(center: Center) -> Membership:
    """The role of a registrar who goes on leave."""
    return MembershipFactory(role=RoleName.REGISTRAR, center=center)


@pytest.fixture
def colleague(center: Center) -> User:
    return staff_member(RoleName.INSTRUCTOR, center)


def again(user: User) -> User:
    """As the next request reads it."""
    return User.objects.get(pk=user.pk)


def utc(moment: str) -> dt.datetime:
    return dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)


def name(lent: Membership, colleague: User, **said: object) -> Deputy:
    today = timezone.localdate()
    facts = {"since": today, "until": today + 6 * DAY, "reason": "leave", "by": lent.user, **said}
    return name_deputy(membership_id=lent.pk, user_id=colleague.pk, **facts)  # type: ignore[arg-type]


def test_a_deputy_holds_the_lent_role_in_its_place_and_nothing_more(
    lent: Membership, colleague: User, center: Center, other_center: Center
):
    before = acts_held(again(colleague))

    name(lent, colleague)

    now = again(colleague)
    assert acts_held_in(now, center) == before | ROLES[RoleName.REGISTRAR].acts - NEVER_LENT
    assert may(now, Act.ENROLL, on=center)
    assert not may(now, Act.ENROLL, on=other_center)
    assert not may_everywhere(now, Act.ENROLL)


def test_who_holds_a_role_of_the_ministry_for_a_colleague_has_a_card_that_was_compared(db: None):
    lent = MembershipFactory(role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None)
    auditor, other = staff_member(RoleName.AUDITOR), staff_member(RoleName.MINISTRY_OFFICER)
    LoginHand.objects.filter(login=auditor).delete()

    with pytest.raises(HolderNotCompared):
        name(lent, auditor, by=other)


def test_a_deputy_begins_and_ends_with_the_days_of_the_ministry(
    lent: Membership, colleague: User, center: Center
):
    with at(utc("2027-03-02 09:00:00")):
        name(lent, colleague, since=dt.date(2027, 3, 4), until=dt.date(2027, 3, 5))

    held = {}
    # Midnight in Cairo is 22:00 UTC of the day before.
    for moment in (
        "2027-03-03 21:59:50",
        "2027-03-03 22:00:00",
        "2027-03-05 21:59:50",
        "2027-03-05 22:00:00",
    ):
        with at(utc(moment)):
            held[moment] = may(again(colleague), Act.ENROLL, on=center)
    assert list(held.values()) == [False, True, True, False]


def test_roles_and_passwords_are_never_lent(center: Center, colleague: User):
    lent = MembershipFactory(role=RoleName.CENTER_MANAGER, center=center)
    person, member = PersonFactory(registered_at=center), staff_member(RoleName.REGISTRAR, center)

    name(lent, colleague)

    now = again(colleague)
    assert not {Act.MANAGE_MEMBERS, Act.HELP_TRAINEES_IN} & acts_held(now)
    assert not centers_where(now, Act.MANAGE_MEMBERS).exists()
    assert not reaches_login(now, member)
    # What joins a person to another login or number.
    assert reaches_person(now, person)
    assert not reaches_person(now, person, is_lent_enough=False)
    with pytest.raises(RoleOutOfReach):
        give_role(user_id=UserFactory().pk, role=RoleName.INSTRUCTOR, center=center, by=now)


@pytest.mark.parametrize("role", [role for role in RoleName if role is not RoleName.TRAINEE])
def test_no_role_lends_what_leads_to_a_login(role: RoleName):
    assert acts_lent(role) == ROLES[role].acts - {Act.MANAGE_MEMBERS, Act.HELP_TRAINEES_IN}


def test_who_may_name_a_deputy(lent: Membership, colleague: User, manager: User, center: Center):
    outsider = staff_member(RoleName.CENTER_MANAGER)
    outsider.memberships.all().delete()
    registrar = staff_member(RoleName.REGISTRAR, center)

    for by in (outsider, registrar):
        with pytest.raises(RoleOutOfReach):
            name(lent, colleague, by=by)
    with pytest.raises(OwnRole):
        name(lent, manager, by=manager)
    assert not Deputy.objects.exists()

    assert name(lent, colleague, by=manager).named_by == manager


def test_the_deputy_of_an_officer_is_named_by_who_gives_that_role(center: Center):
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center)
    substitute = staff_member(RoleName.REGISTRAR, center)
    ministry = staff_member(RoleName.MINISTRY_OFFICER)

    with pytest.raises(RoleOutOfReach):
        name(officer, substitute)
    log(substitute, "accounts.login.reset_password", user=officer.user)
    with pytest.raises(MadeByYou):
        name(officer, substitute, by=ministry)

    assert name(officer, staff_member(RoleName.INSPECTOR), by=ministry)


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        (-1, 3, DaysInThePast),
        (3, 2, DaysReversed),
        (0, 90, TooManyDays),
        (0, 31, RoleIsOver),
    ],
)
def test_days_have_limits(
    lent: Membership, colleague: User, first: int, last: int, refusal: type[DomainError]
):
    today = timezone.localdate()
    lent.until = today + 30 * DAY
    lent.save()

    with pytest.raises(refusal):
        name(lent, colleague, since=today + first * DAY, until=today + last * DAY)

    assert not Deputy.objects.exists()


def test_a_deputy_is_a_colleague_with_an_own_role_there(
    lent: Membership, center: Center, other_center: Center
):
    learner = UserFactory(person=PersonFactory(registered_at=center))
    MembershipFactory(user=learner, role=RoleName.INSTRUCTOR, center=center)
    EnrollmentFactory(person=learner.person, cohort__center=center)
    trainee = MembershipFactory(role=RoleName.TRAINEE, center=center).user
    only_lent = deputy_for(MembershipFactory(role=RoleName.ASSESSOR, center=center)).user

    for stranger in (trainee, only_lent, staff_member(RoleName.INSTRUCTOR, other_center)):
        with pytest.raises(NotAColleague):
            name(lent, stranger)
    with pytest.raises(DeputyLearnsThere):
        name(lent, learner)
    with pytest.raises(OwnDeputy):
        name(lent, lent.user)
    with pytest.raises(RoleAlreadyHeld):
        name(lent, staff_member(RoleName.REGISTRAR, center))


def test_what_is_lent_is_not_lent_again_and_trainees_lend_nothing(
    center: Center, colleague: User, lent: Membership
):
    deputy = name(lent, colleague)
    third = staff_member(RoleName.ASSESSOR, center)
    trainee = MembershipFactory(role=RoleName.TRAINEE, center=center)

    for membership, by in ((deputy, colleague), (trainee, trainee.user)):
        with pytest.raises(NotToBeLent):
            name(membership, third, by=by)


def test_who_named_a_deputy_for_an_own_role_is_away_then(lent: Membership, center: Center):
    today = timezone.localdate()
    away = MembershipFactory(role=RoleName.INSTRUCTOR, center=center)
    covers = staff_member(RoleName.REGISTRAR, center)
    leave = name(away, covers, since=today + 2 * DAY, until=today + 9 * DAY)

    with pytest.raises(DeputyAway, match=str(covers)):
        name(lent, away.user, until=today + 2 * DAY)
    before = name(lent, away.user, until=today + DAY)
    end_deputy(deputy_id=before.pk, reason="back", by=lent.user)
    end_deputy(deputy_id=leave.pk, reason="stays", by=away.user)

    assert name(lent, away.user, until=today + 2 * DAY)


def test_a_role_has_one_deputy_at_a_time(lent: Membership, colleague: User, center: Center):
    today = timezone.localdate()
    second = staff_member(RoleName.ASSESSOR, center)
    first = name(lent, colleague, until=today + 3 * DAY)

    with pytest.raises(DeputyThen, match=str(colleague)):
        name(lent, second, since=today + 3 * DAY, until=today + 5 * DAY)
    name(lent, second, since=today + 4 * DAY, until=today + 5 * DAY)
    end_deputy(deputy_id=first.pk, reason="back", by=lent.user)

    assert name(lent, second, until=today + 3 * DAY)


def test_roles_that_conflict_need_a_reason_of_their_own(center: Center):
    lent = MembershipFactory(role=RoleName.ASSESSOR, center=center)
    teacher = staff_member(RoleName.INSTRUCTOR, center)

    with pytest.raises(RolesConflict, match=str(RoleName.INSTRUCTOR.label)):
        name(lent, teacher)
    with pytest.raises(ReasonMissing):
        name(lent, teacher, reason=" ", conflict_reason="no other")

    assert name(lent, teacher, conflict_reason="no other assessor in March")


def test_a_role_that_conflicts_with_one_that_will_be_lent_needs_a_reason(
    center: Center, colleague: User, manager: User
):
    today = timezone.localdate()
    lent = MembershipFactory(role=RoleName.ASSESSOR, center=center)
    registrar = staff_member(RoleName.REGISTRAR, center)
    name(lent, registrar, since=today + 5 * DAY, until=today + 9 * DAY)

    with pytest.raises(RolesConflict):
        give_role(user_id=registrar.pk, role=RoleName.INSTRUCTOR, center=center, by=manager)


@pytest.mark.parametrize("who", ["lender", "deputy", "manager"])
def test_it_is_ended_at_once_by_whom_it_concerns(
    lent: Membership, colleague: User, manager: User, center: Center, who: str
):
    deputy = name(lent, colleague)
    by = {"lender": lent.user, "deputy": colleague, "manager": manager}[who]

    with pytest.raises(RoleOutOfReach):
        end_deputy(deputy_id=deputy.pk, reason="back", by=staff_member(RoleName.REGISTRAR, center))
    end_deputy(deputy_id=deputy.pk, reason="back", by=by)

    assert not may(again(colleague), Act.ENROLL, on=center)
    assert may(again(lent.user), Act.ENROLL, on=center)
    with pytest.raises(DeputyOver):
        end_deputy(deputy_id=deputy.pk, reason="back", by=by)


def test_it_ends_with_the_role_of_the_lender(
    lent: Membership, colleague: User, manager: User, center: Center
):
    deputy = name(lent, colleague)

    end_role(membership_id=lent.pk, reason="left", by=manager)

    deputy.refresh_from_db()
    assert deputy.ended_at is not None
    assert not may(again(colleague), Act.ENROLL, on=center)


def test_it_ends_with_the_login_of_the_lender_and_stays_ended(
    lent: Membership, colleague: User, manager: User, center: Center
):
    name(lent, colleague)

    deactivate_login(user_id=lent.user.pk, reason="left", by=manager)
    assert not may(again(colleague), Act.ENROLL, on=center)
    reactivate_login(user_id=lent.user.pk, reason="mistake", by=manager)

    assert not may(again(colleague), Act.ENROLL, on=center)


@pytest.mark.parametrize(
    "change", [{"until": timezone.localdate() - DAY, "since": timezone.localdate() - DAY}, {}]
)
def test_it_is_never_in_force_without_the_lender(
    lent: Membership, colleague: User, center: Center, change: dict[str, dt.date]
):
    """Whatever ended the role or closed the login, and whether or not it knew of deputies."""
    name(lent, colleague)

    if change:
        Membership.objects.filter(pk=lent.pk).update(**change)
    else:
        User.objects.filter(pk=lent.user.pk).update(is_active=False)

    assert not may(again(colleague), Act.ENROLL, on=center)


def test_it_ends_with_the_last_own_role_of_the_deputy(
    lent: Membership, colleague: User, manager: User, center: Center
):
    name(lent, colleague)

    end_role(membership_id=colleague.memberships.own().get().pk, reason="left", by=manager)

    assert not acts_held(again(colleague))


def test_what_a_deputy_does_by_the_lent_role_is_recorded_for_the_lender(
    lent: Membership, colleague: User, center: Center, other_center: Center
):
    name(lent, colleague)
    deputy = again(colleague)
    person = PersonFactory(registered_at=center)

    log(person, "accounts.person.register", user=deputy)
    # An instructor writes to the own cohorts; this one holds the act without the colleague.
    log(person, "courses.attendance.record", user=deputy, data={"center": center.pk})
    log(deputy, "accounts.login.choose_language", user=deputy)
    log(PersonFactory(registered_at=other_center), "accounts.person.register", user=deputy)

    done = AuditEntry.objects.filter(by=deputy).order_by("pk").values_list("action", "acted_for")
    assert list(done) == [
        ("accounts.person.register", lent.user.pk),
        ("courses.attendance.record", None),
        ("accounts.login.choose_language", None),
        ("accounts.person.register", None),
    ]


def test_the_audit_page_names_both(lent: Membership, colleague: User, center: Center, client: Client):
    name(lent, colleague)
    log(PersonFactory(registered_at=center), "accounts.person.register", user=again(colleague))
    client.force_login(staff_member(RoleName.AUDITOR))

    page = client.get(reverse("audit:index")).content.decode()

    assert f"{colleague}، نيابةً عن {lent.user}" in page


def test_begin_and_end_are_told_to_both_once(lent: Membership, colleague: User):
    with at(utc("2027-03-02 09:00:00")):
        deputy = name(lent, colleague, since=dt.date(2027, 3, 4), until=dt.date(2027, 3, 5))
        tell_due_deputies()
        assert not LoginNotice.objects.exists()

    for moment in (
        "2027-03-04 06:00:00",
        "2027-03-05 06:00:00",
        "2027-03-06 06:00:00",
        "2027-03-07 06:00:00",
    ):
        with at(utc(moment)):
            tell_due_deputies()

    told = LoginNotice.objects.filter(deputy=deputy).order_by("pk").values_list("user", "kind")
    assert list(told) == [
        (colleague.pk, LoginNoticeKind.DEPUTY_BEGINS),
        (lent.user.pk, LoginNoticeKind.LENDING_BEGINS),
        (colleague.pk, LoginNoticeKind.DEPUTY_ENDS),
        (lent.user.pk, LoginNoticeKind.LENDING_ENDS),
    ]


def test_telling_takes_as_many_statements_for_one_as_for_many(
    center: Center, django_assert_num_queries: object
):
    for _ in range(3):
        deputy_for(MembershipFactory(role=RoleName.REGISTRAR, center=center))

    with django_assert_num_queries(3):  # type: ignore[operator]
        assert tell_due_deputies() == 3
