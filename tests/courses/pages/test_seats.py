"""Taking a seat, from the program's page on, and giving it back."""

import datetime as dt
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.enums import RoleName
from accounts.models import User
from courses.enums import CohortState, EnrollmentState
from courses.models import Cohort, Enrollment
from courses.queries.outline import unit_address
from courses.services.enrollments import enroll, withdraw
from tests.accounts.authenticators import PASSWORD, code_of, log_in, set_up_app
from tests.courses.pages.conftest import School
from tests.factories.accounts import CenterFactory, TraineeFactory, UserFactory, staff_member
from tests.factories.courses import CohortFactory

PROGRAM = "/ar/electricity/"
SIGN_UP = {
    "full_name_ar": "سيد محمود عبد الحميد",
    "birth_date": "25/3/1998",
    "phone": "٠١٠١٢٣٤٥٦٧٨",
    "password1": "forty-two-oranges",
    "password2": "forty-two-oranges",
    "consent": "on",
}


def seat_url(cohort: Cohort) -> str:
    return reverse("courses:enroll", args=[cohort.public_id])


def give_back_url(enrollment: Enrollment) -> str:
    return reverse("courses:give_back", args=[enrollment.public_id])


@pytest.fixture
def evening(school: School) -> Cohort:
    """Another open cohort of the same program."""
    return CohortFactory(program=school.program, center=CenterFactory(name_ar="مركز تدريب المعادي"))


def fill(cohort: Cohort) -> None:
    for _ in range(cohort.seats):
        enroll(person_id=TraineeFactory().person_id, cohort_id=cohort.pk, by=UserFactory())


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def hidden_in(answer: Any) -> dict[str, str]:
    """The hidden fields of the form of the page."""
    form = answer.content.decode().rpartition('<form method="post" action="/ar/accounts/signup')[2]
    return dict(
        re.findall(r'type="hidden" name="(pending_action|next|notice)"(?: id="[^"]*")? value="([^"]*)"', form)
    )


class TestTheRoadToASeat:
    def test_a_visitor_has_the_chosen_seat_four_taps_after_the_list_of_programs(
        self, client: Client, school: School
    ):
        assert f'href="{PROGRAM}"' in text_of(client, reverse("courses:catalog"))  # 1: the program
        assert f'href="{seat_url(school.cohort)}"' in text_of(client, PROGRAM)  # 2: enroll
        shown = client.get(client.get(seat_url(school.cohort)).url)
        signup = shown.wsgi_request.get_full_path()
        # 3: the consent, 4: the button
        arrived = client.post(signup, {**SIGN_UP, **hidden_in(shown)}, follow=True)

        for fact in ("تمديدات كهربائية منزلية", "مركز تدريب شبرا", "القاهرة"):
            assert fact in shown.content.decode()
        assert Enrollment.objects.get().cohort == school.cohort
        assert arrived.redirect_chain == [(reverse("courses:my_learning"), 302)]
        for told in ("أُنشئ حسابك", "حُجز مقعدك"):
            assert told in arrived.content.decode()

    def test_a_seat_is_taken_with_the_account_only_where_its_facts_were_shown(
        self, client: Client, school: School
    ):
        arrived = client.post(
            reverse("account_signup"), {**SIGN_UP, "next": seat_url(school.cohort)}, follow=True
        )

        assert not Enrollment.objects.exists()
        assert f'action="{seat_url(school.cohort)}"' in arrived.content.decode()

    def test_a_seat_that_another_took_meanwhile_leaves_the_account_and_offers_the_others(
        self, client: Client, school: School, evening: Cohort
    ):
        shown = client.get(client.get(seat_url(school.cohort)).url)
        fill(school.cohort)
        arrived = client.post(
            shown.wsgi_request.get_full_path(), {**SIGN_UP, **hidden_in(shown)}, follow=True
        )

        assert User.objects.get(phone="+201012345678").person is not None
        assert f'href="{seat_url(evening)}"' in arrived.content.decode()

    def test_a_visitor_sees_that_a_cohort_is_full_before_signing_up(
        self, client: Client, school: School, evening: Cohort
    ):
        fill(school.cohort)

        page = text_of(client, seat_url(school.cohort))

        assert "لا مقاعد باقية في هذه المجموعة" in page
        assert f'href="{seat_url(evening)}"' in page

    def test_the_other_language_shows_the_same_seat(self, client: Client, school: School):
        address = client.get(seat_url(school.cohort)).url.replace("/ar/accounts", "/en/accounts")

        page = text_of(client, address)

        assert "Create the account and take the seat" in page

    def test_the_way_survives_an_error_and_changing_between_login_and_sign_up(
        self, client: Client, school: School
    ):
        signup = client.get(seat_url(school.cohort)).url
        assert parse_qs(urlsplit(signup).query)["next"] == [seat_url(school.cohort)]
        refused = client.post(signup, {**SIGN_UP, "password2": "other", "next": seat_url(school.cohort)})
        back_at_login = refused.context["login_url"]
        wrong = client.post(
            back_at_login, {"login": "nobody", "password": "wrong", "next": seat_url(school.cohort)}
        )

        assert client.get(back_at_login).context["redirect_field_value"] == seat_url(school.cohort)
        assert parse_qs(urlsplit(wrong.context["signup_url"]).query)["next"] == [seat_url(school.cohort)]
        # The link to the other language and a reload keep it, too.
        for page in (refused, wrong):
            assert f"next={seat_url(school.cohort)}" in page.content.decode().replace("%2F", "/")

    def test_the_way_survives_a_second_factor(self, client: Client, school: School):
        trainee = TraineeFactory(password=PASSWORD)
        secret, _codes = set_up_app(log_in(trainee))

        asked = client.post(
            reverse("account_login"),
            {"login": trainee.username, "password": PASSWORD, "next": seat_url(school.cohort)},
        )
        arrived = client.post(asked.url, {"code": code_of(secret, steps_later=1)})

        assert arrived.url == seat_url(school.cohort)

    def test_a_way_out_of_the_site_is_not_followed(self, client: Client, school: School):
        trainee = TraineeFactory(password="correct-horse")

        arrived = client.post(
            reverse("account_login"),
            {"login": trainee.username, "password": "correct-horse", "next": "https://example.org/"},
        )

        assert arrived.url == reverse("courses:my_learning")

    def test_a_confirmation_names_the_cohort_and_takes_no_seat_by_itself(
        self, client: Client, school: School
    ):
        client.force_login(TraineeFactory())

        page = text_of(client, seat_url(school.cohort))

        assert "مركز تدريب شبرا" in page
        assert "القاهرة" in page
        assert f'action="{seat_url(school.cohort)}"' in page
        assert Enrollment.objects.count() == 0


class TestASecondSeat:
    @pytest.mark.parametrize(("days_later", "warns"), [(10, True), (31, False)])
    def test_a_seat_on_the_same_dates_is_warned_of_and_not_refused(
        self, trainee_client: Client, enrollment: Enrollment, days_later: int, warns: bool
    ):
        other = CohortFactory(starts_on=timezone.localdate() + dt.timedelta(days=days_later))

        page = text_of(trainee_client, seat_url(other))
        trainee_client.post(seat_url(other))

        assert ("لك مقعد آخر في الفترة نفسها" in page) == warns
        assert Enrollment.objects.filter(state=EnrollmentState.ACTIVE).count() == 2


class TestASeatThatIsGone:
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_a_full_cohort_is_refused_with_links_to_the_others(
        self, client: Client, school: School, evening: Cohort, method: str
    ):
        fill(school.cohort)
        client.force_login(TraineeFactory())

        answer = getattr(client, method)(seat_url(school.cohort))

        page = answer.content.decode()
        assert "لا مقاعد باقية في هذه المجموعة" in page
        assert f'href="{seat_url(evening)}"' in page
        assert f'action="{seat_url(school.cohort)}"' not in page

    def test_a_closed_cohort_without_another_leads_to_the_other_programs(
        self, client: Client, school: School
    ):
        Cohort.objects.update(state=CohortState.RUNNING)
        client.force_login(TraineeFactory())

        page = text_of(client, seat_url(school.cohort))

        assert "التسجيل في هذه المجموعة مغلق" in page
        assert reverse("courses:catalog") in page

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_who_is_enrolled_already_is_spoken_to_and_led_on(
        self, trainee_client: Client, school: School, evening: Cohort, method: str
    ):
        answer = getattr(trainee_client, method)(seat_url(evening))

        page = answer.content.decode()
        assert "أنت مسجَّل في هذا البرنامج بالفعل" in page
        assert "هذا الشخص" not in page
        assert reverse("courses:my_learning") in page
        assert Enrollment.objects.count() == 1

    def test_a_person_with_a_seat_is_recognized_after_enrollment_closed(
        self, trainee_client: Client, enrollment: Enrollment
    ):
        Cohort.objects.update(state=CohortState.RUNNING)

        assert "أنت مسجَّل في هذا البرنامج بالفعل" in text_of(trainee_client, seat_url(enrollment.cohort))

    def test_a_login_without_a_person_gets_instructions(self, client: Client, school: School):
        client.force_login(UserFactory())

        assert "اطلب من مركزك إضافته" in text_of(client, seat_url(school.cohort))


class TestAProgramKnowsItsReader:
    def test_who_has_a_seat_sees_it_and_no_other_offer(
        self, trainee_client: Client, enrollment: Enrollment, school: School, evening: Cohort
    ):
        page = text_of(trainee_client, PROGRAM)

        assert "لديك مقعد" in page
        assert unit_address(enrollment, school.watched.translation_key) in page
        assert seat_url(evening) not in page
        assert seat_url(school.cohort) not in page

    def test_who_completed_sees_that(self, trainee_client: Client, enrollment: Enrollment, evening: Cohort):
        Enrollment.objects.update(state=EnrollmentState.COMPLETED, completed_at=timezone.now())

        page = text_of(trainee_client, PROGRAM)

        assert "أتممت هذا البرنامج" in page
        assert seat_url(evening) not in page

    def test_who_left_is_offered_the_seats_again(
        self, trainee_client: Client, enrollment: Enrollment, school: School
    ):
        withdraw(enrollment_id=enrollment.pk, reason="سافر", by=UserFactory())

        assert seat_url(school.cohort) in text_of(trainee_client, PROGRAM)


class TestGivingASeatBack:
    def test_the_page_explains_the_consequences_and_asks_for_confirmation(
        self, trainee_client: Client, enrollment: Enrollment
    ):
        page = text_of(trainee_client, give_back_url(enrollment))

        enrollment.refresh_from_db()
        assert enrollment.state == EnrollmentState.ACTIVE
        assert "تُغلق دروس هذه المجموعة" in page
        assert give_back_url(enrollment) in text_of(trainee_client, reverse("courses:my_learning"))

    @pytest.mark.parametrize("starts_in", [-3, 3])
    def test_the_seat_is_free_again_and_the_trail_has_actor_and_reason(
        self, trainee_client: Client, enrollment: Enrollment, starts_in: int
    ):
        Cohort.objects.update(starts_on=timezone.localdate() + dt.timedelta(days=starts_in))

        answer = trainee_client.post(
            give_back_url(enrollment), {"withdrawn_for": "work", "reason": "وجدت عملًا"}
        )

        enrollment.refresh_from_db()
        entry = ModelLogEntry.objects.get(action="courses.enrollment.give_back")
        assert answer.status_code == 302
        assert (enrollment.state, enrollment.cohort.seats_taken) == (EnrollmentState.WITHDRAWN, 0)
        assert (entry.user, entry.data["reason"]) == (enrollment.person.user, "وجدت عملًا")

    def test_a_reason_is_chosen_and_the_seat_can_be_taken_again(
        self, trainee_client: Client, enrollment: Enrollment
    ):
        trainee_client.post(give_back_url(enrollment))
        kept = Enrollment.objects.get()
        trainee_client.post(give_back_url(enrollment), {"withdrawn_for": "work"})
        given_back = Enrollment.objects.get()
        trainee_client.post(seat_url(enrollment.cohort))

        assert kept.state == EnrollmentState.ACTIVE
        assert (given_back.state, given_back.withdrawn_for) == (EnrollmentState.WITHDRAWN, "work")
        assert (Enrollment.objects.get().state, Enrollment.objects.get().withdrawn_for) == (
            EnrollmentState.ACTIVE,
            "",
        )

    def test_giving_back_a_seat_twice_counts_once(self, trainee_client: Client, enrollment: Enrollment):
        trainee_client.post(give_back_url(enrollment), {"withdrawn_for": "health"})
        again = trainee_client.post(
            give_back_url(enrollment), {"withdrawn_for": "health", "reason": "مرة أخرى"}
        )

        assert again.url == reverse("courses:my_learning")
        assert ModelLogEntry.objects.filter(action="courses.enrollment.give_back").count() == 1

    def test_another_persons_seat_is_missing(self, client: Client, enrollment: Enrollment):
        client.force_login(TraineeFactory())

        assert client.get(give_back_url(enrollment)).status_code == 404
        assert client.post(give_back_url(enrollment)).status_code == 404

    def test_the_center_reads_who_gave_a_seat_back(
        self, client: Client, trainee_client: Client, enrollment: Enrollment
    ):
        trainee_client.post(give_back_url(enrollment), {"withdrawn_for": "work", "reason": "وجدت عملًا"})
        registrar = staff_member(RoleName.REGISTRAR, enrollment.cohort.center)
        stranger = staff_member(RoleName.REGISTRAR, CenterFactory())

        def home_of(user: User) -> str:
            client.force_login(user)
            return text_of(client, reverse("wagtailadmin_home"))

        assert enrollment.person.full_name_ar in home_of(registrar)
        assert enrollment.person.full_name_ar not in home_of(stranger)
