"""The front desk: one form from the card on the desk to the slip in the hand."""

import datetime as dt
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.enums import ContactProof, Digits, RoleName
from accounts.models import Center, Consent, Contact, IdentityDocument, Person, User
from accounts.services.consents import GUARDIAN, PRIVACY
from accounts.services.contacts import prove_number_of
from accounts.services.formatting import format_datetime, written_in
from accounts.services.identity_documents import register_national_id
from accounts.services.logins import sign_up
from accounts.services.people import register_person
from courses.models import Cohort, Enrollment
from courses.services.desk import Card, CarrierDiffers, GuardianDiffers, enroll_carrier
from tests.accounts.people.numbers import mistyped, national_number
from tests.factories.accounts import CenterFactory, MembershipFactory, TraineeFactory
from tests.factories.courses import ClassSessionFactory, CohortFactory

pytestmark = pytest.mark.django_db
DESK = "/admin/desk/"
BORN = dt.date(1999, 4, 7)
NAME = "منى إبراهيم عبد الله حسن"
NUMBER = national_number(BORN)
PHONE = "+201012345678"


@pytest.fixture
def clerk(center: Center) -> User:
    return MembershipFactory(role=RoleName.REGISTRAR, center=center).user


@pytest.fixture
def desk(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


@pytest.fixture
def cohort(center: Center) -> Cohort:
    return CohortFactory(center=center)


def answers(center: Center, cohort: Cohort | None = None, /, **changed: Any) -> dict[str, Any]:
    return {
        "number": NUMBER,
        "full_name_ar": NAME,
        "phone": "010 1234 5678",
        "was_called": "on",
        "center": center.pk,
        "cohort": cohort.pk if cohort else "",
        "wants_login": "on",
        "language": "ar",
        "agrees": "on",
        **changed,
    }


def served(desk: Client, *args: Any, **changed: Any) -> dict[str, Any]:
    """What the slip says."""
    answer = desk.post(DESK, answers(*args, **changed))
    form = answer.context.get("form")
    assert "served" in answer.context, form and form.errors
    return {"page": answer, **answer.context["served"].__dict__}


def refused(desk: Client, *args: Any, **changed: Any) -> dict[str, list[str]]:
    """What the form says, and that nothing was kept."""
    before = (
        Person.objects.count(),
        User.objects.count(),
        Enrollment.objects.count(),
        Contact.objects.count(),
    )
    answer = desk.post(DESK, answers(*args, **changed))
    assert answer.status_code == 200
    assert before == (
        Person.objects.count(),
        User.objects.count(),
        Enrollment.objects.count(),
        Contact.objects.count(),
    )
    return dict(answer.context["form"].errors)


def test_one_form_registers_enrolls_and_gives_a_login(desk: Client, center: Center, cohort: Cohort):
    slip = served(desk, center, cohort)

    person = Person.objects.get(full_name_ar=NAME)
    assert (person.birth_date, person.sex, person.registered_at) == (BORN, "female", center)
    assert person.documents.get().last4 == NUMBER[-4:]
    assert Contact.objects.get(person=person).proved_how == ContactProof.DESK
    assert Consent.objects.get(person=person).purpose == PRIVACY
    assert Enrollment.objects.get(person=person).cohort == cohort
    user = User.objects.get(person=person)
    assert (user.phone, user.password_is_temporary) == (PHONE, True)
    assert user.check_password(slip["password"])


def test_the_slip_says_it_once_and_is_kept_nowhere(desk: Client, center: Center, cohort: Cohort):
    slip = served(desk, center, cohort)
    page: HttpResponse = slip["page"]

    text = page.content.decode()
    assert slip["password"] in text
    assert "no-store" in page.headers["Cache-Control"]
    assert slip["password"] not in str(page.cookies)
    assert slip["password"] not in str(dict(desk.session))
    for said in (cohort.code, cohort.program.title, "010 12345678", "/ar/accounts/login/", "<svg"):
        assert said in text


def test_the_slip_names_the_next_session_that_has_not_begun(desk: Client, center: Center, cohort: Cohort):
    now = timezone.now()
    starts = [now - dt.timedelta(minutes=10), now + dt.timedelta(days=2)]
    for start in starts:
        ClassSessionFactory(cohort=cohort, starts_at=start, ends_at=start + dt.timedelta(hours=2))

    text = served(desk, center, cohort)["page"].content.decode()

    assert f"<dt>الحصة القادمة</dt><dd>{workplace_moment(starts[1])}</dd>" in text


def workplace_moment(moment: dt.datetime) -> str:
    with override("ar"), written_in(Digits.LATIN):
        return format_datetime(moment, "LONG_DAY_TIME_FORMAT")


def test_the_slip_opens_the_site_for_its_holder(desk: Client, center: Center, cohort: Cohort):
    slip = served(desk, center, cohort)
    phone = Client()

    phone.post(reverse("account_login"), {"login": "٠١٠١٢٣٤٥٦٧٨", "password": slip["password"]})
    chosen = phone.post(
        "/ar/accounts/password/choose/", {"password1": "own-words-7431", "password2": "own-words-7431"}
    )

    assert cohort.program.title in phone.get(chosen.url).content.decode()


def test_a_person_may_come_without_a_seat_and_without_a_login(desk: Client, center: Center):
    slip = served(desk, center, wants_login="", phone="", number="", birth_date="7/4/1999")

    assert (slip["enrollment"], slip["login"], slip["password"]) == (None, None, "")
    assert Person.objects.filter(full_name_ar=NAME).exists()


def test_the_slip_is_in_the_language_of_the_person(desk: Client, center: Center, cohort: Cohort):
    slip = served(desk, center, cohort, language="en", full_name_en="Mona Ibrahim")

    text = slip["page"].content.decode()
    assert re.search(r'(?s)<article class="slip" lang="en" dir="ltr">.*?<h2>Mona Ibrahim</h2>', text)
    assert "/en/accounts/login/" in text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"number": "29904070100"}, "number"),
        ({"birth_date": "1998-01-01"}, "birth_date"),
        ({"full_name_ar": "Mona"}, "full_name_ar"),
        ({"full_name_ar": ""}, "full_name_ar"),
        ({"phone": "12"}, "phone"),
        ({"agrees": ""}, "agrees"),
        ({"country": "S1", "number": "A1234567"}, "country"),
        ({"country": "SD", "number": "A1"}, "number"),
        ({"cohort": "999999"}, "cohort"),
        ({"center": "999999"}, "center"),
        ({"who": "1"}, None),
    ],
)
def test_bad_answers_are_named_and_change_nothing(
    desk: Client, center: Center, cohort: Cohort, changed: dict[str, str], field: str | None
):
    if field is None:
        # An answer that was not asked for counts for nothing.
        assert served(desk, center, cohort, **changed)["person"].full_name_ar == NAME
    else:
        assert field in refused(desk, center, cohort, **changed)


def test_a_full_cohort_is_said_and_nothing_is_kept(desk: Client, center: Center):
    full = CohortFactory(center=center, seats=1)
    answer = desk.get(DESK)
    Cohort.objects.filter(pk=full.pk).update(seats_taken=1)

    assert answer.status_code == 200
    assert "cohort" in refused(desk, center, full)


def test_the_cohort_that_is_full_by_now_is_named_as_such(desk: Client, center: Center, cohort: Cohort):
    Cohort.objects.filter(pk=cohort.pk).update(seats_taken=cohort.seats)

    assert refused(desk, center, cohort)["cohort"] == ["لا مقاعد باقية في هذه المجموعة. اختر مجموعة أخرى."]


def test_a_passport_number_without_its_country_is_asked_for_it(desk: Client, center: Center):
    assert "country" in refused(desk, center, number="A1234567")


def test_a_birth_date_is_read_in_any_digits(desk: Client, center: Center):
    assert served(desk, center, number="", birth_date="١٢/٥/١٩٩٠")["person"].birth_date == dt.date(
        1990, 5, 12
    )


# --- People who are known already -----------------------------------------------------------------------------------


def known(center: Center, by: User, *, number: str = "", born: dt.date | None = BORN) -> Person:
    person = register_person(full_name_ar=NAME, birth_date=born, registered_at=center, by=by)
    if number:
        register_national_id(person_id=person.pk, number=number, by=by)
    return person


def test_people_of_the_same_name_and_birth_date_are_shown_first(
    desk: Client, clerk: User, center: Center, cohort: Cohort
):
    person = known(center, clerk)

    assert "who" in refused(desk, center, cohort)
    assert served(desk, center, cohort, who=person.pk)["person"] == person
    assert person.documents.get().last4 == NUMBER[-4:]
    assert Person.objects.filter(full_name_ar=NAME).count() == 1


def test_another_person_of_the_same_name_is_registered(
    desk: Client, clerk: User, center: Center, cohort: Cohort
):
    person = known(center, clerk)

    assert served(desk, center, cohort, who="new")["person"] != person


def test_the_carrier_of_the_number_is_not_registered_again(
    desk: Client, clerk: User, center: Center, cohort: Cohort
):
    person = known(center, clerk, number=NUMBER)

    assert "who" in refused(desk, center, cohort, full_name_ar="سعاد علي محمود")
    assert "who" in refused(desk, center, cohort, who="new")
    assert served(desk, center, cohort, who="carrier")["person"] == person
    assert IdentityDocument.objects.count() == 1


def test_who_has_a_login_gets_no_other(desk: Client, clerk: User, center: Center, cohort: Cohort):
    user = TraineeFactory(person=known(center, clerk, number=NUMBER))

    slip = served(desk, center, cohort, who="carrier")

    assert (slip["login"], slip["password"]) == (user, "")


def test_who_signed_up_alone_is_served_as_the_same_person(desk: Client, center: Center, cohort: Cohort):
    user = sign_up(full_name_ar=NAME, birth_date=BORN, phone="01012345678", password="own-words-7431")

    assert "who" in refused(desk, center, cohort)
    assert "was_called" in refused(desk, center, cohort, who=user.person_id, was_called="")
    slip = served(desk, center, cohort, who=user.person_id)

    person = Person.objects.get(full_name_ar=NAME)
    assert (slip["person"], slip["login"]) == (person, user)
    assert User.objects.get(pk=user.pk).check_password(slip["password"])
    assert (person.registered_at, person.birth_date) == (center, BORN)
    assert Enrollment.objects.get(person=person).cohort == cohort


def test_a_login_that_a_stranger_made_in_the_name_of_a_person_is_of_no_use_once_the_card_is_tied_to_it(
    desk: Client, center: Center, cohort: Cohort
):
    user = sign_up(
        full_name_ar=NAME,
        birth_date=BORN,
        phone="01012345678",
        email="x@example.org",
        password="own-words-7431",
    )
    stranger = Client()
    stranger.force_login(user)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "s"})
    assert stranger.get(reverse("courses:my_learning")).status_code == 200

    slip = served(desk, center, cohort, who=user.person_id)

    user.refresh_from_db()
    assert stranger.get(reverse("courses:my_learning")).status_code == 302
    assert not user.check_password("own-words-7431")
    assert (user.email, Authenticator.objects.filter(user=user).exists()) == (None, False)
    assert user.check_password(slip["password"])
    assert not Person.objects.get(pk=user.person_id).is_unproved


def test_who_proved_the_number_by_a_code_keeps_the_login_when_the_card_is_tied_to_it(
    desk: Client, center: Center, cohort: Cohort
):
    user = sign_up(full_name_ar=NAME, birth_date=BORN, phone="01012345678", password="own-words-7431")
    prove_number_of(person_id=user.person_id, number=PHONE, by=user)

    slip = served(desk, center, cohort, who=user.person_id)

    assert (slip["login"], slip["password"]) == (user, "")
    assert User.objects.get(pk=user.pk).check_password("own-words-7431")


def test_the_card_counts_and_not_the_birth_date_that_was_typed_at_sign_up(desk: Client, center: Center):
    name = CHILD["full_name_ar"]
    user = sign_up(full_name_ar=name, birth_date=YOUNG, phone="01012345678", password="own-words-7431")
    Person.objects.filter(pk=user.person_id).update(birth_date=None)

    assert "guardian_name" in refused(desk, center, **{**CHILD, "who": user.person_id, "birth_date": ""})


def test_a_check_digit_that_does_not_fit_is_asked_about_once_and_kept_as_suspect(
    desk: Client, center: Center
):
    wrong = mistyped(NUMBER)

    assert "number_is_exact" in refused(desk, center, number=wrong)
    person = served(desk, center, number=wrong, number_is_exact="on")["person"]

    assert person.documents.get().is_suspect
    assert not served(desk, center, who="new", phone="01112345678")["person"].documents.get().is_suspect


@pytest.mark.parametrize("country", ["ZZ", "AC", "A", "١٢"])
def test_a_passport_of_no_country_is_refused(desk: Client, center: Center, country: str):
    passport = {"number": "A1234567", "birth_date": "12/5/1990"}

    assert "country" in refused(desk, center, **passport, country=country)
    assert served(desk, center, **passport, country="sd")["person"].documents.get().country == "SD"


def test_nobody_is_of_age_without_a_birth_date(desk: Client, center: Center, cohort: Cohort):
    for card in ({"number": ""}, {"number": "A1234567", "country": "SD"}):
        assert set(refused(desk, center, cohort, **card)) == {"birth_date"}


def test_numbers_are_not_tried_out_at_the_desk(
    desk: Client, superuser: User, other_center: Center, center: Center, cohort: Cohort
):
    """The name is that of somebody here, so that nothing is kept whether a number is known elsewhere or not."""
    known(other_center, superuser, number=national_number(BORN, serial=11))
    served(desk, center)
    tried = [
        refused(
            desk, center, cohort, number=national_number(BORN, serial=serial), full_name_ar="سعاد علي حسن"
        )
        for serial in range(11, 17)
    ]

    assert [set(errors) for errors in tried] == [{"full_name_ar"}, *[{"same_phone"}] * 4, {"number"}]
    # What was registered is no miss, and a person of the center is served.
    assert served(desk, center, cohort, who="carrier")["enrollment"]


def test_nor_as_numbers_of_a_guardian(
    desk: Client, superuser: User, other_center: Center, center: Center, cohort: Cohort
):
    """The cohort is full, so that nothing is kept whether a number is known elsewhere or not. That of the child is tried, too."""
    known(other_center, superuser, number=national_number(BORN, serial=11))
    full = CohortFactory(center=center, seats=1, seats_held=1)
    tried = [
        refused(
            desk,
            center,
            full,
            **{**CHILD, **FATHER, "guardian_number": national_number(BORN, serial=serial)},
            guardian_agrees="on",
        )
        for serial in range(11, 16)
    ]

    assert [set(errors) for errors in tried] == [*[{"__all__"}] * 4, {"guardian_number"}]


def test_the_carrier_of_another_center_gets_a_seat_and_shows_nothing(
    desk: Client, superuser: User, other_center: Center, center: Center, cohort: Cohort
):
    person = known(other_center, superuser, number=NUMBER)

    errors = refused(desk, center, cohort)
    assert "who" in errors
    assert str(other_center) not in desk.post(DESK, answers(center, cohort)).content.decode()
    assert "cohort" in refused(desk, center, who="carrier")
    slip = served(desk, center, cohort, who="carrier")

    assert Enrollment.objects.get(person=person).cohort == cohort
    assert (slip["login"], slip["password"]) == (None, "")
    assert not Contact.objects.filter(person=person).exists()
    person.refresh_from_db()
    assert person.registered_at == other_center


def test_the_number_of_another_center_gives_nothing_with_another_name_or_the_beginning_of_its_own(
    desk: Client, clerk: User, superuser: User, other_center: Center, center: Center, cohort: Cohort
):
    known(other_center, superuser, number=NUMBER)

    for name in ("فلان علي حسن محمد", NAME.rsplit(maxsplit=1)[0]):
        errors = refused(desk, center, cohort, full_name_ar=name, who="carrier")
        assert set(errors) == {"full_name_ar"}
    with pytest.raises(CarrierDiffers):
        enroll_carrier(card=Card(NUMBER), full_name_ar=NAME.split(maxsplit=1)[0], cohort=cohort, by=clerk)


def test_one_digit_of_the_card_mistyped_asks_who_it_is(
    desk: Client, clerk: User, center: Center, cohort: Cohort
):
    known(center, clerk, number=national_number(BORN, serial=11))

    assert "who" in refused(desk, center, cohort)


def test_the_same_number_and_own_name_asks_who_it_is(
    desk: Client, clerk: User, center: Center, cohort: Cohort
):
    without = {"number": "", "birth_date": "7/4/1999"}
    first = served(desk, center, cohort, **without)["person"]
    own_name = NAME.split(maxsplit=1)[0]

    asked = refused(desk, center, cohort, **without, full_name_ar=f"{own_name} سعيد إبراهيم عبد الله")
    sister = refused(desk, center, cohort, **without, full_name_ar="سعاد إبراهيم عبد الله")

    assert "who" in asked
    assert "who" not in sister
    slip = served(desk, center, **without, full_name_ar=f"{own_name} سعيد إبراهيم", who=first.pk)
    assert slip["person"] == first


def test_the_second_slip_has_the_seat_too(desk: Client, clerk: User, center: Center, cohort: Cohort):
    served(desk, center, cohort)

    assert cohort.code in served(desk, center, who="carrier")["page"].content.decode()


def test_a_person_of_another_center_is_not_chosen_by_key(
    desk: Client, superuser: User, other_center: Center, center: Center, cohort: Cohort
):
    person = known(other_center, superuser)

    assert "who" in refused(desk, center, cohort, who=person.pk)


# --- Numbers and guardians ------------------------------------------------------------------------------------------


def test_a_number_of_another_person_is_asked_about(desk: Client, center: Center, cohort: Cohort):
    served(desk, center, cohort)
    sister = {"full_name_ar": "سعاد إبراهيم عبد الله حسن", "number": national_number(BORN, serial=7)}

    assert "same_phone" in refused(desk, center, cohort, **sister)
    assert "was_called" in refused(desk, center, cohort, **sister, same_phone="changed_owner", was_called="")
    slip = served(desk, center, cohort, **sister, same_phone="shared")

    assert slip["login"].phone is None
    assert slip["login"].username in slip["page"].text
    # The number that she knows by heart comes first; it leads to her login by her own password.
    assert slip["page"].context["ways"][0].text == "010 12345678"
    phone = Client()
    phone.post(reverse("account_login"), {"login": PHONE, "password": slip["password"]})
    assert phone.session[SESSION_KEY] == str(slip["login"].pk)


YOUNG = dt.date(2012, 5, 1)
CHILD = {"number": national_number(YOUNG), "full_name_ar": "ندى محمود عبد الله حسن"}
FATHER = {"guardian_name": "محمود عبد الله حسن", "guardian_number": "", "guardian_phone": "01112345678"}


def test_a_minor_comes_with_a_guardian_who_agrees(desk: Client, center: Center, cohort: Cohort):
    assert "guardian_name" in refused(desk, center, cohort, **CHILD)
    assert "guardian_agrees" in refused(desk, center, cohort, **CHILD, **FATHER)

    person = served(desk, center, cohort, **CHILD, **FATHER, guardian_agrees="on")["person"]

    person.refresh_from_db()
    assert person.guardian.full_name_ar == FATHER["guardian_name"]
    assert set(Consent.objects.filter(person=person).values_list("purpose", flat=True)) == {PRIVACY, GUARDIAN}
    assert Contact.objects.get(person=person.guardian).value == "+201112345678"


def test_what_was_answered_about_the_guardian_stays_when_something_else_is_wrong(
    desk: Client, center: Center, cohort: Cohort
):
    wrong = {**CHILD, **FATHER, "guardian_phone": "abc"}

    answer = desk.post(DESK, answers(center, cohort, **wrong))

    assert "guardian_phone" in answer.context["form"].errors
    shown = answer.content.decode()
    assert FATHER["guardian_name"] in shown
    assert 'name="guardian_agrees"' in shown


def test_a_family_with_one_number_is_asked_nothing(desk: Client, center: Center, cohort: Cohort):
    slip = served(
        desk, center, cohort, **{**CHILD, **FATHER, "guardian_phone": "01012345678"}, guardian_agrees="on"
    )

    assert Contact.objects.filter(value=PHONE, is_shared=True).count() == 2
    assert slip["login"].username


def test_a_guardian_whose_number_has_another_name_is_refused(
    desk: Client, clerk: User, center: Center, cohort: Cohort
):
    number = national_number(dt.date(1980, 1, 1))
    register_national_id(person_id=known(center, clerk, born=None).pk, number=number, by=clerk)
    father = {**FATHER, "guardian_number": number, "guardian_agrees": "on"}

    errors = refused(desk, center, cohort, **CHILD, **father)

    assert errors["__all__"] == [str(GuardianDiffers())]


# --- Who serves -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "role", [RoleName.INSTRUCTOR, RoleName.ASSESSOR, RoleName.CERTIFYING_OFFICER, RoleName.AUDITOR]
)
def test_other_roles_have_no_desk(client: Client, center: Center, role: RoleName):
    client.force_login(MembershipFactory(role=role, center=center).user)

    assert client.get(DESK).status_code == 404
    assert client.post(DESK, answers(center)).status_code == 404


def test_it_is_in_the_menu_of_those_who_have_it(desk: Client, client: Client, center: Center):
    assert DESK in desk.get("/admin/").content.decode()
    client.force_login(MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user)
    assert DESK not in client.get("/admin/").content.decode()


def test_another_center_is_not_chosen(desk: Client, other_center: Center):
    assert "center" in refused(desk, other_center)
    assert "cohort" in refused(desk, CenterFactory(), CohortFactory(center=other_center))


def test_the_page_costs_as_much_with_many_cohorts_as_with_one(desk: Client, center: Center):
    desk.get(DESK)
    counts = []
    for _ in range(2):
        CohortFactory(center=center, starts_on=timezone.localdate())
        with CaptureQueriesContext(connection) as asked:
            desk.get(DESK)
        counts.append(len(asked))

    assert counts[0] == counts[1]
