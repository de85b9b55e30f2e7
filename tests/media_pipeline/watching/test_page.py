"""Instructors see viewing statistics of at least five people, of their own centers."""

import re
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Center
from media_pipeline.charts import step_curve
from media_pipeline.models import Video
from media_pipeline.queries.watching import watching_of
from media_pipeline.services.playback import sign_playback
from tests.factories.media_pipeline import published_video
from tests.factories.watching import watch

SVG = "{http://www.w3.org/2000/svg}"


def watched_video(center: Center, *, viewers: int = 8) -> Video:
    """60 s: everybody saw the first half, half of them the second; 0:10 to 0:20 was watched again."""
    video = published_video(center=center)
    for viewer in range(viewers):
        plays = dict.fromkeys(range(6 if viewer % 2 else 12), 1)
        watch(
            video,
            viewer,
            {**plays, 2: 3, 3: 2},
            rungs={"144p": 30_000, "audio": 10_000},
            stalls={"count": 1, "milliseconds": 5_000},
            start=1_500,
        )
    return video


@pytest.fixture
def here(center: Center) -> Video:
    return watched_video(center)


def test_the_page_shows_the_curve_and_what_was_watched_again(manager_client: Client, here: Video):
    page = manager_client.get(reverse("video:watching", args=[here.pk])).content.decode()

    assert re.search(r"<dt>المشاهدات</dt><dd>8</dd>", page)
    assert re.search(r"<dt>شوهد حتى آخره</dt><dd>50%</dd>", page)
    assert f"{reverse('video:inspect', args=[here.pk])}?at=10#video-player" in page
    assert "0:10–0:20" in page


def test_the_sums_of_the_page_are_those_of_the_batches(here: Video):
    watching = watching_of(here)

    assert (watching.views, watching.finished_percent) == (8, 50)
    assert watching.stalls_per_hour == pytest.approx(8 / (8 * 40 / 3600))
    assert [part.percent for part in watching.parts] == [100] * 6 + [50] * 6
    again = watching.most_rewatched
    assert (again.start, again.end, again.again) == (10, 20, 16)
    assert {share.name: share.percent for share in watching.qualities} == {"144p": 75, "audio": 25}
    assert watching.starts == [0, 8, 0, 0, 0, 0]


def test_the_curve_is_an_image_with_words_and_a_table(manager_client: Client, here: Video):
    page = manager_client.get(reverse("video:watching", args=[here.pk])).content.decode()

    svg = ET.fromstring(
        re.search(r'<svg class="curve".*?\n</svg>', page, re.DOTALL)[0].replace(
            "<svg", f'<svg xmlns="{SVG[1:-1]}"', 1
        )
    )
    names = svg.attrib["aria-labelledby"].split()
    assert (svg.attrib["role"], len(names)) == ("img", 2)
    assert {svg.find(f"{SVG}title").attrib["id"], svg.find(f"{SVG}desc").attrib["id"]} == set(names)
    line = svg.find(f".//{SVG}path[@class='curve__line']").attrib["d"]
    assert line == "M0 0 " + " ".join(f"V{0 if end <= 30 else 50} H{end}" for end in range(5, 61, 5))
    rows = re.findall(r'<tr><th scope="row">', page)
    assert len(rows) >= 12


def test_time_runs_from_the_reading_side():
    steps = [(0.0, 30.0, 100.0), (30.0, 60.0, 50.0)]

    english = step_curve(steps, is_mirrored=False)
    arabic = step_curve(steps, is_mirrored=True, band=(10, 20))

    assert english.line == arabic.line == "M0 0 V0 H30 V50 H60"
    assert english.area == "M0 100 V0 H30 V50 H60 V100 Z"
    assert (english.transform, arabic.transform) == ("", "translate(60 0) scale(-1 1)")
    assert [(tick.x, tick.anchor) for tick in english.ticks][::4] == [("0%", "start"), ("100%", "end")]
    assert [(tick.x, tick.anchor) for tick in arabic.ticks][::4] == [("100%", "end"), ("0%", "start")]
    assert arabic.band == ("10", "10")


@given(st.lists(st.floats(0, 100), max_size=30), st.booleans())
def test_every_curve_stays_in_its_box(percents: list[float], is_mirrored: bool):
    steps = [(n * 5.0, n * 5.0 + 5, percent) for n, percent in enumerate(percents)]

    curve = step_curve(steps, is_mirrored=is_mirrored)

    numbers = [float(number) for number in re.findall(r"-?[\d.]+", curve.line)]
    assert all(0 <= number <= max(100, float(curve.width)) for number in numbers)
    assert "e" not in curve.line + curve.area


def test_figures_of_fewer_than_five_viewers_are_hidden(manager_client: Client, center: Center):
    video = published_video(center=center)
    for _ in range(9):
        watch(video, 1, {0: 1, 1: 5})

    answer = manager_client.get(reverse("video:watching", args=[video.pk])).content.decode()

    assert "curve" not in re.sub(r"<link[^>]*>", "", answer)
    assert "9 مشاهدات حتى الآن" in answer
    assert watching_of(video).parts == []


def test_a_video_without_views_has_a_message(manager_client: Client, center: Center):
    video = published_video(center=center)

    answer = manager_client.get(reverse("video:watching", args=[video.pk]))

    assert "لم يشاهد أي متدرب هذا الفيديو" in answer.content.decode()


def test_a_long_video_has_a_short_table(center: Center):
    video = watched_video(center)
    # 4 h; triggers keep the rows of versions as they are, the object is enough here.
    video.published.seconds = 4 * 3600.0

    watching = watching_of(video)

    assert len(watching.parts) == 60
    assert (watching.parts[0].views, watching.parts[-1].end) == (8, 4 * 3600)


def test_the_figures_of_a_foreign_video_are_not_found(manager_client: Client, other_center: Center):
    foreign = watched_video(other_center)

    assert manager_client.get(reverse("video:watching", args=[foreign.pk])).status_code == 404


def test_the_page_makes_as_many_queries_for_three_viewers_as_for_thirty(
    manager_client: Client, center: Center
):
    few, many = watched_video(center, viewers=3), watched_video(center, viewers=30)

    def questions(video: Video) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert manager_client.get(reverse("video:watching", args=[video.pk])).status_code == 200
        return len(asked)

    questions(many)

    # Parts and qualities are not queried below five viewers.
    assert questions(many) - questions(few) == 2


@pytest.mark.parametrize(
    ("asked", "position"), [("15", 15), ("60", 0), ("-1", 0), ("٣", 0), ("1e3", 0), ("9" * 40, 0), ("", 0)]
)
def test_the_player_of_staff_opens_where_the_link_says(
    manager_client: Client, here: Video, asked: str, position: int
):
    answer = manager_client.get(reverse("video:inspect", args=[here.pk]), {"at": asked})

    assert answer.context["position"] == position


def test_what_staff_watch_is_not_counted(manager_client: Client, here: Video):
    answer = manager_client.get(reverse("video:inspect", args=[here.pk]))

    assert answer.context["playback"].telemetry_url == ""
    assert sign_playback(video=here, viewer="user-1").telemetry_url == ""
