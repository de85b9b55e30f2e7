"""People and places."""

import datetime as dt
from typing import Any

import factory
from django.test import Client
from django.utils import timezone
from factory.django import DjangoModelFactory
from wagtail.log_actions import log

from accounts.enums import CodePurpose, DataRequestKind, HandKind, MembershipScope, RoleName
from accounts.models import (
    AuditEntry,
    Center,
    ContactChallenge,
    DataRequest,
    Deputy,
    Digest,
    DigestRun,
    Governorate,
    LoginHand,
    LoginSession,
    Membership,
    PasswordRecovery,
    Person,
    PersonPhoto,
    RoleOffer,
    RoleRequest,
    SiteNotice,
    User,
)
from accounts.services.codes import VALID_FOR
from accounts.services.gathering import choose_digest
from accounts.services.recoveries import ask_for_password_of_staff, give_password
from tests.factories.jobs import job_of
from tests.factories.rows import Visit, public, row_of, visit


class GovernorateFactory(DjangoModelFactory):
    class Meta:
        model = Governorate
        django_get_or_create = ("nid_code",)

    nid_code = "01"
    iso_code = factory.LazyAttribute(lambda governorate: f"EG-{governorate.nid_code}")
    name_ar = "القاهرة"
    name_en = "Cairo"


class CenterFactory(DjangoModelFactory):
    class Meta:
        model = Center

    code = factory.Sequence(lambda n: f"CAI-{n:02}")
    governorate = factory.SubFactory(GovernorateFactory)
    name_ar = factory.Sequence(lambda n: f"مركز تدريب {n}")
    name_en = factory.Sequence(lambda n: f"Training center {n}")


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    full_name_ar = factory.Sequence(lambda n: f"محمد أحمد عبد الرحمن {n}")
    full_name_en = factory.Sequence(lambda n: f"Mohamed Ahmed Abdelrahman {n}")
    folded_name = factory.LazyAttribute(lambda person: f"{person.full_name_ar} {person.full_name_en}".lower())
    birth_date = dt.date(1990, 1, 1)
    registered_at = factory.SubFactory(CenterFactory)


def card_compared(user: User) -> None:
    """As after `manage.py found_site`: a person whom no colleague has to have seen."""
    LoginHand.objects.create(login=user, kind=HandKind.CARD)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    display_name = factory.Sequence(lambda n: f"User {n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        password = kwargs.pop("password", "correct-horse")
        user = model_class.objects.create_user(*args, password=password, **kwargs)
        card_compared(user)
        return user


class TraineeFactory(UserFactory):
    """A login with its person."""

    person = factory.SubFactory(PersonFactory)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = RoleName.INSTRUCTOR
    center = factory.SubFactory(CenterFactory)


def staff_member(role: RoleName, center: Center | None = None) -> User:
    """A new login with one role: in `center`, without one in the whole ministry."""
    scope = MembershipScope.CENTER if center else MembershipScope.MINISTRY
    user: User = MembershipFactory(role=role, center=center, scope=scope).user
    return user


def password_given(user: User, *, first: User | None = None, second: User | None = None) -> str:
    """A new password of a colleague: one asks, another one gives."""
    one = first or staff_member(RoleName.MINISTRY_OFFICER)
    other = second or staff_member(RoleName.MINISTRY_OFFICER)
    asked = ask_for_password_of_staff(user_id=user.pk, reason="lost", by=one)
    return give_password(recovery_id=asked.pk, by=other)


def holder_of_every_role(center: Center | None) -> User:
    """Someone who may do everything in `center` and nothing elsewhere; without a center, everything everywhere."""
    user = UserFactory()
    scope = MembershipScope.CENTER if center else MembershipScope.MINISTRY
    for role in RoleName:
        MembershipFactory(user=user, role=role, scope=scope, center=center)
    return user


def deputy_for(
    lent: Membership, user: User | None = None, *, since: dt.date | None = None, days: int = 7
) -> Deputy:
    """Somebody who acts for the holder of a role, from today on; without `user`, one who has no role of their own."""
    first = since or timezone.localdate()
    return Deputy.objects.create(
        user=user or UserFactory(),
        role=lent.role,
        scope=lent.scope,
        center=lent.center,
        governorate=lent.governorate,
        since=first,
        until=first + dt.timedelta(days=days - 1),
        lent_from=lent,
        named_by=lent.user,
        reason="annual leave",
    )


@row_of(Center)
def center_itself(center: Center) -> Center:
    return center


@row_of(Person)
def person_in(center: Center) -> Person:
    return with_photo(PersonFactory(registered_at=center))


def with_photo(person: Person) -> Person:
    PersonPhoto.objects.create(person=person, picture=b"jpeg", thumbnail=b"jpeg", digest="0" * 64)
    return person


@row_of(Membership)
def membership_in(center: Center) -> Membership:
    return MembershipFactory(center=center)


@row_of(Deputy)
def deputy_in(center: Center) -> Deputy:
    return deputy_for(MembershipFactory(center=center))


@visit("name_deputy")
def role_to_lend(center: Center) -> Visit:
    lent = MembershipFactory(center=center)
    return Visit(user=lent.user, kwargs={"pk": lent.pk})


@visit("hand_over")
def role_with_open_work(center: Center) -> Visit:
    held = MembershipFactory(center=center)
    return Visit(user=held.user, kwargs={"pk": held.pk})


@visit("end_deputy")
def deputy_to_end(center: Center) -> Visit:
    deputy = deputy_in(center)
    return Visit(user=deputy.lender, kwargs={"pk": deputy.pk})


@row_of(User)
def member_in(center: Center) -> User:
    return MembershipFactory(center=center).user


class PasswordRecoveryFactory(DjangoModelFactory):
    class Meta:
        model = PasswordRecovery

    user = factory.SubFactory(TraineeFactory)
    center = factory.SubFactory(CenterFactory)
    asked_by = factory.SubFactory(UserFactory)
    reason = "forgot it"


@row_of(PasswordRecovery)
def recovery_in(center: Center) -> PasswordRecovery:
    return PasswordRecoveryFactory(center=center)


@job_of(ContactChallenge)
def code_to_be_sent(center: Center) -> ContactChallenge:
    user = TraineeFactory(person__registered_at=center)
    return ContactChallenge.objects.create(
        value="+201012345678",
        purpose=CodePurpose.VERIFY,
        login=user,
        language="ar",
        expires_at=timezone.now() + VALID_FOR,
    )


@job_of(DigestRun)
def digests_to_make(center: Center) -> DigestRun:
    """Of this hour; a trainee has something unread."""
    user = TraineeFactory(person__registered_at=center)
    choose_digest(person_id=user.person_id, topics=["waiting_list"], hour=18, is_sent_short=False, by=user)
    Digest.objects.filter(person=user.person_id).update(due_at=timezone.now() - dt.timedelta(hours=1))
    SiteNotice.objects.create(
        person=user.person,
        about="courses.seatnotice",
        notice=user.pk,
        topic="waiting_list",
        subject="خبر",
        body="نص",
    )
    # One for each hour, however many are made here.
    return DigestRun.objects.create(hour=timezone.now())


@row_of(DataRequest)
def data_request_in(center: Center) -> DataRequest:
    return DataRequest.objects.create(
        person=PersonFactory(registered_at=center), kind=DataRequestKind.CORRECT, text="اسمي"
    )


public("data_request", "Who has the address of a request reads its answer, without a name.")


@row_of(RoleOffer)
def offer_in(center: Center) -> RoleOffer:
    return RoleOffer.objects.create(
        typed="noha", role=RoleName.INSTRUCTOR, center=center, reason="teaches", offered_by=UserFactory()
    )


@row_of(RoleRequest)
def role_request_in(center: Center) -> RoleRequest:
    return RoleRequest.objects.create(
        user=MembershipFactory(center=center).user,
        role=RoleName.CENTER_MANAGER,
        center=center,
        reason="leads the center",
        asked_by=UserFactory(),
    )


@visit("answer_offer")
def offer_to_answer(center: Center) -> Visit:
    offer = offer_in(center)
    offer.user = UserFactory()
    offer.save()
    return Visit(
        user=offer.user, kwargs={"pk": offer.pk}, method="post", data={"answer": "decline"}, status=302
    )


@visit("account_notice")
def notice_to_oneself(center: Center) -> Visit:
    user = MembershipFactory(center=center).user
    row = SiteNotice.objects.create(
        user=user, about="accounts.loginnotice", notice=user.pk, language="ar", subject="أهلا", body="نص"
    )
    return Visit(user=user, kwargs={"pk": row.pk})


@visit("account_read_notice")
def notice_to_mark_as_read(center: Center) -> Visit:
    seen = notice_to_oneself(center)
    return Visit(user=seen.user, kwargs=seen.kwargs, method="post", status=302)


@visit("account_end_session")
def session_of_a_colleague(center: Center) -> Visit:
    user = MembershipFactory(center=center).user
    elsewhere = Client()
    elsewhere.force_login(user)
    row = LoginSession.objects.get(user=user)
    return Visit(user=user, kwargs={"pk": row.pk}, method="post", status=302)


@row_of(AuditEntry)
def audited_in(center: Center) -> AuditEntry:
    log(PersonFactory(registered_at=center), "accounts.person.register", data={"reason": "came to the desk"})
    return AuditEntry.objects.latest("pk")


public("identity_css", "The accent and signal color of the site are on every public page.")
public(
    "wagtailcore_authenticate_with_password", "The form of a private page is for those who know its password."
)
public("openid_connect_login", "The identity provider is for everyone who has an account there.")
public("openid_connect_callback", "The provider's redirect carries a code that opens one session.")
public("picture", "Pictures of pages are on public pages.")


public(
    "work",
    "The address names a kind of work, not a row; tests/lms/test_home.py tries each with rows of another center.",
)
