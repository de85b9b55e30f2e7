"""The report of how videos are watched: fenced, filtered by what is taught, exported as it is shown."""

import csv
import datetime as dt
import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.enums import RoleName
from accounts.models import Center
from courses.models import CoursePage, LessonPage
from courses.services.content import freeze_content
from media_pipeline.enums import VideoState
from media_pipeline.models import DeliveredBytes, Video
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.courses import CohortFactory, CoursePageFactory, LessonPageFactory
from tests.factories.media_pipeline import VideoFactory, published_video
from tests.factories.pages import with_references
from tests.factories.watching import watch

REPORT = "videos_watched"
TODAY = dt.date(2026, 11, 25)


def shown(client: Client, **asked: object) -> list[Video]:
    return list(client.get(reverse(REPORT), asked).context["object_list"])


def titles(client: Client, **asked: object) -> list[str]:
    return [video.title for video in shown(client, **asked)]


def watched(center: Center, *, viewers: int = 12, **facts: object) -> Video:
    """60 s; each viewer saw the first half, in two qualities, with one stall.

    Twelve viewers are never counted as less than five, though the estimate may count two as one.
    """
    video = published_video(center=center, **facts)
    for viewer in range(viewers):
        watch(
            video,
            viewer,
            dict.fromkeys(range(6), 1),
            rungs={"144p": 30_000, "audio": 10_000},
            stalls={"count": 1, "milliseconds": 2_000},
        )
    return video


def taught(video: Video, *, course: CoursePage | None = None) -> LessonPage:
    body = json.dumps([{"type": "video", "value": video.pk}])
    return with_references(LessonPageFactory(parent=course or CoursePageFactory(), body=body))


def delivered(video: Video, day: dt.date, size: int) -> None:
    DeliveredBytes.objects.create(video=video, center=video.center, day=day, bytes=size, answers=1)


def test_a_row_shows_how_a_video_is_watched(manager_client: Client, center: Center):
    video = watched(center)
    lesson = taught(video)
    delivered(video, TODAY, 12_340_000)

    (line,) = shown(manager_client)

    assert (line.views, line.viewers_shown) == (12, line.viewers)
    assert line.watched_percent == 50
    assert line.stalls_per_hour == 90
    assert line.qualities == [("144", 75), ("صوت فقط", 25)]
    assert line.delivered_megabytes == 12.3
    course = lesson.get_parent()
    assert line.taught_in == f"{course.get_parent().title} – {course.title}"


def test_figures_of_few_viewers_are_hidden(manager_client: Client, center: Center):
    watched(center, viewers=2)

    (line,) = shown(manager_client)

    assert (line.views, line.viewers_shown) == (2, "أقل من 5")
    assert (line.watched_percent, line.stalls_per_hour, line.qualities) == (None, None, [])


def test_a_video_without_viewers_is_a_row_of_zeros(manager_client: Client, center: Center):
    VideoFactory(center=center)

    (line,) = shown(manager_client)

    assert (line.views, line.viewers_shown, line.delivered_megabytes) == (0, 0, 0)


def test_the_report_ends_at_the_fence(manager_client: Client, center: Center, other_center: Center):
    watched(center, title="هنا")
    watched(other_center, title="هناك")

    assert titles(manager_client) == ["هنا"]
    for spreadsheet in ("csv", "xlsx"):
        answer = manager_client.get(reverse(REPORT), {"export": spreadsheet})
        assert [row[0] for row in rows_of(answer, spreadsheet)[1:]] == ["هنا"]


def test_filters_offer_nothing_from_beyond_the_fence(
    manager_client: Client, center: Center, other_center: Center
):
    own, foreign = CohortFactory(center=center), CohortFactory(center=other_center)

    form = manager_client.get(reverse(REPORT)).context["filters"].form

    assert list(form.fields["cohort"].queryset) == [own]
    assert list(form.fields["center"].queryset) == [center]
    refused = manager_client.get(reverse(REPORT), {"cohort": foreign.pk})
    assert "cohort" in refused.context["filters"].form.errors


@pytest.mark.parametrize("page", [REPORT, f"{REPORT}_results"])
def test_who_manages_no_media_does_not_find_the_report(client: Client, center: Center, page: str):
    client.force_login(MembershipFactory(role=RoleName.REGISTRAR, center=center).user)

    assert client.get(reverse(page)).status_code == 404


def test_a_program_and_a_course_narrow_the_list(manager_client: Client, center: Center):
    here, same_program, elsewhere = (watched(center, title=title) for title in ("أ", "ب", "ج"))
    lesson = taught(here)
    course = lesson.get_parent()
    taught(same_program, course=CoursePageFactory(parent=course.get_parent()))
    taught(elsewhere)

    assert set(titles(manager_client, taught=course.get_parent().pk)) == {"أ", "ب"}
    assert titles(manager_client, taught=course.pk) == ["أ"]


def test_a_lesson_that_is_not_published_teaches_nothing(manager_client: Client, center: Center):
    lesson = taught(watched(center))
    program = lesson.get_parent().get_parent()
    lesson.unpublish()

    assert titles(manager_client, taught=program.pk) == []
    assert shown(manager_client)[0].taught_in == ""


def test_a_cohort_shows_the_videos_of_its_content_and_what_its_days_delivered(
    manager_client: Client, center: Center
):
    video, later = watched(center, title="قديم"), watched(center, title="جديد")
    course = taught(video).get_parent()
    content = freeze_content(program_id=course.get_parent().pk, by=UserFactory())
    cohort = CohortFactory(
        center=center,
        program=content.program,
        content_version=content,
        starts_on=TODAY - dt.timedelta(days=10),
        ends_on=TODAY,
    )
    taught(later, course=CoursePage.objects.get(pk=course.pk))
    delivered(video, TODAY, 5_000_000)
    delivered(video, TODAY - dt.timedelta(days=11), 90_000_000)

    (line,) = shown(manager_client, cohort=cohort.pk)

    assert (line.title, line.delivered_megabytes) == ("قديم", 5)


def test_days_keep_what_was_fetched_in_them_and_count_no_others(manager_client: Client, center: Center):
    video, idle = watched(center, title="مشاهد"), watched(center, title="ساكن")
    delivered(video, TODAY, 3_000_000)
    delivered(video, TODAY - dt.timedelta(days=1), 4_000_000)
    delivered(idle, TODAY - dt.timedelta(days=9), 8_000_000)

    (line,) = shown(manager_client, since="2026-11-24", until="2026-11-24")

    assert (line.title, line.delivered_megabytes) == ("مشاهد", 4)


def test_state_and_words_narrow_the_list(manager_client: Client, center: Center):
    watched(center, title="السلامة قبل كل شيء")
    VideoFactory(center=center, title="لوحة التوزيع", state=VideoState.FAILED)

    assert titles(manager_client, state="failed") == ["لوحة التوزيع"]
    assert titles(manager_client, q="السلامة") == ["السلامة قبل كل شيء"]


def test_the_most_watched_video_is_first_and_hidden_rates_are_last(manager_client: Client, center: Center):
    watched(center, title="قليل", viewers=2)
    watched(center, title="كثير")
    VideoFactory(center=center, title="بلا")

    assert titles(manager_client) == ["كثير", "قليل", "بلا"]
    for order in ("watched_percent", "-watched_percent", "stalls_per_hour", "-delivered_bytes"):
        assert set(titles(manager_client, ordering=order)) == {"كثير", "قليل", "بلا"}
    assert titles(manager_client, ordering="watched_percent")[0] == "كثير"


def test_the_list_has_pages(manager_client: Client, center: Center):
    for _ in range(51):
        VideoFactory(center=center)

    assert [len(shown(manager_client, p=page)) for page in (1, 2)] == [50, 1]


@pytest.mark.parametrize("asked", [{}, {"export": "csv"}, {"export": "xlsx"}])
def test_the_report_asks_as_often_for_six_videos_as_for_two(
    manager_client: Client, center: Center, asked: dict[str, str]
):
    def questions() -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = manager_client.get(reverse(REPORT), asked)
            b"".join(answer)
        return len(captured)

    for _ in range(2):
        taught(watched(center))
    questions()
    with_two = questions()
    for _ in range(4):
        taught(watched(center))

    assert questions() == with_two


def rows_of(answer: object, spreadsheet: str) -> list[list[object]]:
    data = b"".join(answer.streaming_content)
    if spreadsheet == "csv":
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(data)).active]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1+1"])
def test_a_title_is_never_a_formula(manager_client: Client, center: Center, title: str):
    Video.objects.filter(pk=VideoFactory(center=center).pk).update(title=title)

    in_csv = rows_of(manager_client.get(reverse(REPORT), {"export": "csv"}), "csv")[1][0]
    answer = manager_client.get(reverse(REPORT), {"export": "xlsx"})
    cell = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active["A2"]

    assert in_csv == f"'{title}"
    assert (cell.value, cell.data_type) == (title, "s")


def test_letters_that_no_spreadsheet_holds_are_left_out(manager_client: Client, center: Center):
    VideoFactory(center=center, title="درس\x0bأول")

    for spreadsheet in ("csv", "xlsx"):
        answer = manager_client.get(reverse(REPORT), {"export": spreadsheet})
        assert rows_of(answer, spreadsheet)[1][0] == "درسأول"


def test_a_spreadsheet_is_streamed_in_the_language_of_its_reader(manager_client: Client, center: Center):
    watched(center, viewers=2)

    answer = manager_client.get(reverse(REPORT), {"export": "csv"})
    with timezone.override("UTC"):
        head, line = rows_of(answer, "csv")

    assert answer.streaming
    assert head[:2] == ["فيديو", "المركز"]
    assert line[4] == "أقل من 5"


def test_numbers_in_a_spreadsheet_are_numbers(manager_client: Client, center: Center):
    watched(center)

    answer = manager_client.get(reverse(REPORT), {"export": "xlsx"})

    line = rows_of(answer, "xlsx")[1]
    assert line[4:8] == [line[4], 12, 50, 90]
    assert isinstance(line[4], int)


def test_the_page_of_one_video_and_the_menu_lead_to_the_report(manager_client: Client, center: Center):
    video = watched(center)

    page = manager_client.get(reverse("video:watching", args=[video.pk])).content.decode()

    assert f'href="{reverse(REPORT)}"' in page
    assert reverse(REPORT) in manager_client.get(reverse("wagtailadmin_home")).content.decode()
