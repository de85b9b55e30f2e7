"""Asking for a call from any page: what is sent is what is shown, and it comes to the right desk once."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.models import Center, SiteNotice, User
from courses.enums import CallBackState
from courses.kept_addresses import kept_address
from courses.models import CallBack, CallBackEntry, Enrollment
from courses.models.call_backs import MOST_ENTRIES
from courses.queries.enrollments import enrollments_of
from courses.services.call_backs import EnoughSaid, close_call_back
from tests.factories.accounts import CenterFactory, TraineeFactory, staff_member
from tests.factories.call_backs import PHONE, asked_by
from tests.factories.courses import EnrollmentFactory

pytestmark = pytest.mark.django_db

ASK = "/ar/call/"
PHONE_OF_ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def no_counters() -> None:
    cache.clear()


@pytest.fixture
def enrollment(center: Center) -> Enrollment:
    return EnrollmentFactory(cohort__center=center, person__registered_at=center)


@pytest.fixture
def trainee(enrollment: Enrollment) -> User:
    return TraineeFactory(person=enrollment.person)


def asked(client: Client, *, came_from: str = "/ar/centers/", **typed: Any) -> Any:
    """Open the form by the link of a page, and send it as it is."""
    page = client.get(ASK, headers={"Referer": f"http://testserver{came_from}"}).content.decode()
    signed = re.search(r'name="page" value="([^"]*)"', page)
    assert signed is not None
    values = {"phone": "٠١٠٠١٢٣٤٥٦٧", "hours": "noon", "text": "لا يعمل", "page": signed[1], **typed}
    return client.post(ASK, values, follow=True)


def test_what_is_added_does_not_move_the_call_to_another_hour(client: Client, trainee: User):
    row = asked_by(trainee.person, hours="noon")
    client.force_login(trainee)
    trainee.phone = row.phone
    trainee.save(update_fields=["phone"])

    form = client.get(ASK).context["form"]

    assert form["hours"].value() == "noon"


def test_a_visitor_asks_the_ministry_and_reads_all_that_was_sent(client: Client):
    client.get("/ar/nothing-here/")

    answer = asked(
        client,
        came_from="/ar/centers/?q=mona#part",
        text="<b>الفيديو\u202e لا\nيعمل</b>",
        screen="360×640",
        connection="3g",
    )

    entry = CallBackEntry.objects.get()
    assert (entry.call_back.phone, entry.call_back.center, entry.call_back.person) == (PHONE, None, None)
    assert entry.text == "<b>الفيديو لا يعمل</b>"
    assert (entry.page, entry.screen, entry.connection) == ("/ar/centers/", "360×640", "3g")
    assert (entry.error_status, entry.error_view, len(entry.error_number)) == (404, "wagtail_serve", 8)
    shown = answer.content.decode()
    for value in (entry.text, entry.page, entry.device, entry.screen, entry.connection, entry.error_number):
        assert escape(value) in shown


def test_what_the_form_shows_is_what_is_sent(client: Client):
    headers = {"User-Agent": PHONE_OF_ANDROID, "Save-Data": "on", "Referer": "http://testserver/ar/programs/"}
    form = client.get(ASK, headers=headers).content.decode()
    signed = re.search(r'name="page" value="([^"]*)"', form)[1]

    typed = {"phone": PHONE, "hours": "any", "text": "x", "page": signed}
    client.post(ASK, typed, headers={"User-Agent": PHONE_OF_ANDROID, "Save-Data": "on"})

    entry = CallBackEntry.objects.get()
    assert (entry.page, entry.device, entry.saves_data) == ("/ar/programs/", "Chrome · Android", True)
    assert entry.page in form
    assert "Chrome" in form


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("/ar/learning/?next=secret", "/ar/learning/"),
        ("/s/abcdefghijklmnop", "/s/…"),
        ("/ar/shared/abcdefghijklmnop/", "/ar/shared/…/"),
        ("/ar/live/calendar/0123456789abcdef.ics", "/ar/live/calendar/….ics"),
        ("/ar/complaints/123456789/", "/ar/complaints/…/"),
        ("/v/ABCD-EFGH", "/v/…"),
        ("/ar/no-such-page-0123456789abcdef/", ""),
        ("https://elsewhere.example/ar/learning/", "/ar/learning/"),
        ("//elsewhere.example/x", ""),
        ("javascript:alert(1)", ""),
        ("/ar/call/", ""),
        ("http://[", ""),
        ("/" + "a" * 3000, ""),
    ],
)
def test_of_an_address_only_what_opens_nothing_is_kept(typed: str, kept: str):
    assert kept_address(typed) == kept


def test_the_key_of_a_unit_is_kept(enrollment: Enrollment):
    key = "11111111-1111-4111-8111-111111111111"
    address = f"/ar/learning/unit/{enrollment.public_id}/{key}/"

    assert kept_address(address + "?token=1") == address


def test_a_page_of_another_site_and_a_forged_field_are_left_out(client: Client):
    client.get(ASK, headers={"Referer": "https://elsewhere.example/ar/centers/"})

    client.post(
        ASK,
        {
            "phone": PHONE,
            "hours": "any",
            "text": "x",
            "page": "/s/secret",
            "screen": "<script>",
            "connection": "5g!",
        },
    )

    entry = CallBackEntry.objects.get()
    assert (entry.page, entry.screen, entry.connection) == ("", "", "")


def test_a_trainee_asks_the_desk_of_the_cohort_whose_page_it_is(client: Client, trainee: User):
    other = EnrollmentFactory(person=trainee.person, cohort__center=CenterFactory())
    unit = "11111111-1111-4111-8111-111111111111"
    client.force_login(trainee)

    first = list(enrollments_of(trainee.person))[-1]
    asked(client, came_from=f"/ar/learning/unit/{first.public_id}/{unit}/")
    asked(client, came_from=f"/ar/learning/unit/{other.public_id}/{unit}/")

    assert [row.center for row in CallBack.objects.order_by("pk")] == [
        first.cohort.center,
        other.cohort.center,
    ]


def test_the_enrollment_of_somebody_else_names_no_desk(client: Client, trainee: User, center: Center):
    foreign = EnrollmentFactory(cohort__center=CenterFactory())
    client.force_login(trainee)

    asked(client, came_from=f"/ar/learning/unit/{foreign.public_id}/11111111-1111-4111-8111-111111111111/")

    assert CallBack.objects.get().center == center


def test_the_same_number_is_added_to_and_who_logs_in_takes_over(
    client: Client, trainee: User, center: Center
):
    asked_by(None, center=center)
    client.force_login(trainee)

    asked(client)
    asked(client)

    row = CallBack.objects.get()
    assert (row.person, row.entries.count()) == (trainee.person, 3)
    assert [entry.is_by_person for entry in row.entries.all()] == [False, True, True]
    # What a visitor typed is not told to the person, and is not in the file of the own data.
    assert SiteNotice.objects.of(trainee).count() == 2


def test_a_brother_on_the_same_phone_has_a_request_of_his_own(trainee: User, center: Center):
    brother = TraineeFactory(person__registered_at=center)

    rows = {asked_by(trainee.person), asked_by(brother.person)}

    assert {row.person for row in rows} == {trainee.person, brother.person}


def test_a_visitor_does_not_change_when_a_person_is_called(trainee: User):
    asked_by(trainee.person, hours="noon")

    row = asked_by(None, center=trainee.person.registered_at, hours="morning")

    assert (row.hours, row.person, row.entries.count()) == ("noon", trainee.person, 2)


def test_one_request_holds_only_so_many_messages(trainee: User):
    for _ in range(MOST_ENTRIES):
        asked_by(trainee.person)

    with pytest.raises(EnoughSaid):
        asked_by(trainee.person)

    assert CallBackEntry.objects.count() == MOST_ENTRIES


def test_a_number_asks_so_often_in_a_day(client: Client):
    answers = [asked(client) for _ in range(7)]

    assert [answer.status_code for answer in answers] == [200] * 6 + [429]
    assert CallBackEntry.objects.count() == 6


def test_after_it_was_closed_a_new_one_is_made(trainee: User, center: Center):
    first = asked_by(trainee.person)
    close_call_back(call_back_id=first.pk, outcome="solved", note="", by=staff_member("registrar", center))

    second = asked_by(trainee.person)

    assert (first.pk != second.pk, second.state) == (True, CallBackState.OPEN)


def test_the_last_error_is_of_this_browser_and_signed(client: Client):
    client.cookies["last_error"] = "forged"

    asked(client)

    assert CallBackEntry.objects.get().error_status is None


def test_every_page_and_error_page_leads_there(client: Client):
    link = f'href="{reverse("courses:call_back")}"'

    for address in ("/ar/verify/", "/ar/centers/", "/ar/nothing-here/"):
        assert link in client.get(address).content.decode()
