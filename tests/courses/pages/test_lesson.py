"""A lesson opens to its trainees and its editors, and records what trainees do."""

import json
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.coverage import members
from courses.models import Enrollment, LessonPage, UnitProgress
from courses.queries.outline import unit_address
from courses.receivers import video_ready
from courses.services.content import take_newest_content
from courses.services.enrollments import withdraw
from courses.services.progress import open_unit
from tests.courses.pages.conftest import School
from tests.factories.accounts import TraineeFactory, UserFactory
from tests.factories.courses import EnrollmentFactory, LessonPageFactory, lesson_with_video
from tests.factories.media_pipeline import published_video


def unit_url(page: LessonPage) -> str:
    """The address of a unit for the newest trainee."""
    return unit_address(Enrollment.objects.latest("pk"), page.translation_key)


def report(client: Client, enrollment: Enrollment, unit_key: object, body: Any) -> Any:
    url = reverse("courses:progress", args=[enrollment.public_id, unit_key])
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(url, text, content_type="application/json")


def test_a_visitor_logs_in_first_and_comes_back(client: Client, school: School):
    url = school.watched.get_url()

    assert client.get(url).url == f"{reverse('account_login')}?next={url}"


def test_a_trainee_who_follows_a_link_to_the_page_comes_to_the_unit_of_the_cohort(
    trainee_client: Client, school: School
):
    assert trainee_client.get(school.watched.get_url()).url == unit_url(school.watched)


def test_a_visitor_of_a_trainees_address_logs_in_and_a_stranger_finds_nothing(
    client: Client, enrollment: Enrollment, school: School
):
    url = unit_url(school.watched)

    visitor = client.get(url)
    client.force_login(TraineeFactory())
    stranger = client.get(url)

    assert visitor.url == f"{reverse('account_login')}?next={url}"
    assert stranger.status_code == 404


def test_someone_without_a_seat_is_led_to_the_program(client: Client, school: School):
    client.force_login(TraineeFactory())

    answer = client.get(school.watched.get_url(), follow=True)

    assert answer.redirect_chain == [("/ar/electricity/", 302)]
    assert "هذا الدرس لمتدربي البرنامج" in answer.content.decode()
    assert "/media/v/" not in answer.content.decode()


def test_someone_who_left_the_cohort_is_led_to_the_program(
    trainee_client: Client, enrollment: Enrollment, school: School
):
    withdraw(enrollment_id=enrollment.pk, reason="سفر", by=UserFactory())

    assert trainee_client.get(school.watched.get_url()).url == "/ar/electricity/"
    assert trainee_client.get(unit_url(school.watched)).status_code == 404


def test_an_editor_reads_the_lesson_and_nothing_is_recorded(client: Client, school: School, superuser):
    client.force_login(superuser)

    page = client.get(school.watched.get_url())

    assert "ترى هذا الدرس بصفتك من العاملين" in page.content.decode()
    assert UnitProgress.objects.count() == 0


def test_a_trainee_gets_the_player_with_signed_addresses_sizes_and_the_way_on(
    trainee_client: Client, school: School
):
    page = trainee_client.get(unit_url(school.watched))

    text = page.content.decode()
    assert "/media/v/" in text
    assert "data-progress-url" in text
    assert re.search("[٠-٩]+(٫[٠-٩])? (كيلو|ميجا)بايت", text)
    assert page.context["place"].next.title == school.read.title
    assert UnitProgress.objects.get().unit_key == school.watched.translation_key


def test_sound_alone_is_offered_as_saving_only_where_it_is_smaller(client: Client, school: School, superuser):
    short = lesson_with_video(school.course, sound_bytes=1_200_000)
    client.force_login(superuser)

    usual = client.get(school.watched.get_url()).content.decode()
    page = client.get(short.get_url()).content.decode()

    assert 'name="way" value="sound"' in usual
    assert 'name="way" value="sound"' not in page
    assert 'name="way" value="save"' in page
    # With its true size it is still a quality to choose.
    assert 'name="quality" value="audio"' in page


def test_nothing_large_competes_with_the_text_of_a_lesson(trainee_client: Client, school: School):
    page = BeautifulSoup(trainee_client.get(unit_url(school.watched)).content, "html.parser")

    asked_first = [str(tag["src"]) for tag in page.select("script[src]")]
    assert [path for path in asked_first if "player" in path] == []
    assert "player" in page.select_one("template[data-later]")["data-later"]
    assert page.select("link[rel=preload], video[poster]") == []
    assert page.select_one("[data-player]")["data-poster"]


def test_a_lesson_whose_video_is_not_ready_shows_a_message_and_then_the_video(
    client: Client, school: School, superuser
):
    video = published_video()
    version, video.published, video.state = video.published, None, "uploaded"
    video.save()
    lesson = LessonPageFactory(parent=school.course, body=json.dumps([{"type": "video", "value": video.pk}]))
    take_newest_content(cohort_id=school.cohort.pk, reason="درس جديد", by=superuser)
    trainee = TraineeFactory()
    EnrollmentFactory(person=trainee.person, cohort=school.cohort)
    client.force_login(trainee)

    before = client.get(unit_url(lesson)).content.decode()
    video_ready(version)
    after = client.get(unit_url(lesson)).content.decode()

    assert "يجري تجهيز الفيديو" in before
    assert "/media/v/" in after


def test_a_lesson_without_video_is_marked_as_done_and_leads_on(
    trainee_client: Client, enrollment: Enrollment, school: School
):
    trainee_client.get(unit_url(school.read))
    url = reverse("courses:unit_done", args=[enrollment.public_id, school.read.translation_key])

    answer = trainee_client.post(url)

    assert answer.url == "/ar/learning/"
    assert UnitProgress.objects.get(unit_key=school.read.translation_key).completed_at


def test_the_next_page_shows_what_was_counted(trainee_client: Client, enrollment: Enrollment, school: School):
    url = reverse("courses:unit_done", args=[enrollment.public_id, school.read.translation_key])

    following = trainee_client.post(url, follow=True).content.decode()

    assert f"حُسب لك درس «{school.read.title}»" in following
    assert "١ من ٢" in following.partition('class="toasts"')[2].partition("<main")[0]


def test_a_lesson_with_video_cannot_be_marked_as_done(
    trainee_client: Client, enrollment: Enrollment, school: School
):
    page = trainee_client.get(unit_url(school.watched)).content.decode()
    url = reverse("courses:unit_done", args=[enrollment.public_id, school.watched.translation_key])

    answer = trainee_client.post(url, follow=True)

    assert url not in page
    assert UnitProgress.objects.get(unit_key=school.watched.translation_key).completed_at is None
    assert len(answer.context["messages"]) == 1


def test_a_lesson_asks_the_database_no_more_often_for_more_units(trainee_client: Client, school: School):
    trainee_client.get(unit_url(school.watched))

    with CaptureQueriesContext(connection) as asked:
        trainee_client.get(unit_url(school.watched))

    assert len(asked) <= 24


def test_a_players_report_is_merged_and_answered(
    trainee_client: Client, enrollment: Enrollment, school: School
):
    trainee_client.get(unit_url(school.watched))
    UnitProgress.objects.update(allowed_buckets=3)

    answer = report(
        trainee_client, enrollment, school.watched.translation_key, {"buckets": [0, 1, 2, 3], "position": 20}
    )

    assert answer.json() == {
        "percent": 25,
        "completed": False,
        "program_percent": 12,
        "not_credited": [3],
    }
    assert members(bytes(UnitProgress.objects.get().watched)) == [0, 1, 2]


def test_watching_nearly_all_completes_the_lesson(
    trainee_client: Client, enrollment: Enrollment, school: School
):
    trainee_client.get(unit_url(school.watched))
    UnitProgress.objects.update(allowed_buckets=100)

    answer = report(
        trainee_client,
        enrollment,
        school.watched.translation_key,
        {"buckets": list(range(11)), "position": 55},
    )

    assert answer.json()["completed"] is True


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        '{"buckets": [0]}',
        '{"buckets": [NaN], "position": 0}',
        '{"buckets": [0], "position": NaN}',
        '{"buckets": [0], "position": 1e309}',
        '{"buckets": [true], "position": 0}',
        '{"buckets": ["0"], "position": 0}',
        '{"buckets": [0.5], "position": 0}',
        '{"buckets": [-1], "position": 0}',
        '{"buckets": {"0": 1}, "position": 0}',
        '{"buckets": [0], "position": "٣"}',
        '{"buckets": [0], "position": 0, "user": 1}',
        '{"buckets": [0], "position": 0, "age": -1}',
        '{"buckets": [0], "position": 0, "age": 1.5}',
        '{"buckets": [0], "position": 0, "age": 99999999}',
        '{"buckets": [12], "position": 0}',
        json.dumps({"buckets": [0] * 10_000, "position": 0}),
        "[" * 5_000,
        '{"buckets": [' + "0," * 40_000 + '0], "position": 0}',
        '{"buckets": [0], "position": 0}' + " " * 65_536,
        "\udcff".encode("utf-8", "surrogateescape").decode("latin-1"),
    ],
)
def test_what_is_not_exactly_a_report_is_refused_and_changes_nothing(
    trainee_client: Client, enrollment: Enrollment, school: School, body: str
):
    open_unit(enrollment_id=enrollment.pk, unit_key=school.watched.translation_key)

    answer = report(trainee_client, enrollment, school.watched.translation_key, body)

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["detail"]
    assert bytes(UnitProgress.objects.get().watched) == b""


def test_a_user_cannot_report_for_another(client: Client, enrollment: Enrollment, school: School):
    client.force_login(TraineeFactory())

    answer = report(client, enrollment, school.watched.translation_key, {"buckets": [0], "position": 0})

    assert answer.status_code == 404
    assert UnitProgress.objects.count() == 0


def test_a_visitors_report_is_not_there(client: Client, enrollment: Enrollment, school: School):
    body = {"buckets": [0], "position": 0}

    assert report(client, enrollment, school.watched.translation_key, body).status_code == 404


def test_a_report_on_a_lesson_without_video_is_not_there(
    trainee_client: Client, enrollment: Enrollment, school: School
):
    body = {"buckets": [0], "position": 0}

    assert report(trainee_client, enrollment, school.read.translation_key, body).status_code == 404


def test_watching_is_counted_for_trainees_and_not_for_staff(
    client: Client, trainee_client: Client, school: School, superuser
):
    client.force_login(superuser)

    trainee = trainee_client.get(unit_url(school.watched)).context["playback"]
    staff = client.get(school.watched.get_url()).context["playback"]

    assert trainee.telemetry_url.startswith("/media/t/")
    assert staff.telemetry_url == ""


def test_the_response_to_a_report_has_progress_of_unit_and_program(
    trainee_client: Client, enrollment: Enrollment, school: School
):
    trainee_client.get(unit_url(school.watched))
    UnitProgress.objects.update(allowed_buckets=20)

    answer = report(
        trainee_client,
        enrollment,
        school.watched.translation_key,
        {"buckets": list(range(12)), "position": 60},
    )

    assert (answer.json()["completed"], answer.json()["program_percent"]) == (True, 50)


def test_a_unit_that_is_done_ends_with_what_comes_next(
    trainee_client: Client, enrollment: Enrollment, school: School
):
    url = unit_url(school.watched)
    before = trainee_client.get(url).content.decode()
    UnitProgress.objects.update(completed_at=timezone.now())

    after = trainee_client.get(url).content.decode()

    assert "أتممت الدرس" not in before
    assert "أتممت الدرس ١ من ٢" in after
    assert after.count('rel="next"') == before.count('rel="next"') == 1


def test_a_lesson_to_read_is_finished_by_one_button(trainee_client: Client, school: School):
    assert "أنهيت الدرس" in trainee_client.get(unit_url(school.read)).content.decode()
