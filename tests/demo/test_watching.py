"""Viewings of the demo's videos are realistic: people leave, go back, wait, and choose a quality by their connection."""

import pytest

from lms.demo.watching import HABITS, build_watching
from media_pipeline.models import BucketTally, DeliveredBytes, RenditionTally, Video, WatchSession, WatchTally
from media_pipeline.queries.watching import watching_of
from tests.factories.media_pipeline import VideoFactory, published_video

SUMS = (WatchTally, BucketTally, RenditionTally, DeliveredBytes, WatchSession)


@pytest.fixture
def videos(db: None) -> dict[str, Video]:
    return {name: published_video(title=name, seconds=24) for name in HABITS}


def sums() -> list[list[tuple[object, ...]]]:
    return [list(kind.objects.order_by("pk").values_list()) for kind in SUMS]


@pytest.mark.parametrize("name", list(HABITS))
def test_every_video_has_a_realistic_audience_curve(videos: dict[str, Video], name: str):
    build_watching(videos)

    watching = watching_of(videos[name])
    percents = [part.percent for part in watching.parts]
    assert watching.is_shown
    assert watching.views == HABITS[name].viewers
    assert percents[0] == 100
    assert percents == sorted(percents, reverse=True)
    assert percents[-1] < 100
    assert watching.most_rewatched.again > 0
    assert watching.stalls_per_hour > 0
    assert len(watching.qualities) > 1
    assert videos[name].delivered.count() == 14


def test_building_it_again_adds_nothing(videos: dict[str, Video]):
    build_watching(videos)
    before = sums()

    # Viewings are purged after two days; their sums stay.
    WatchSession.objects.all().delete()
    build_watching(videos)

    assert sums()[:-1] == before[:-1]


def test_the_same_viewings_happen_on_every_machine(videos: dict[str, Video]):
    others = {name: published_video(title=name, seconds=24) for name in HABITS}

    build_watching(videos)
    build_watching(others)

    for name in HABITS:
        here, there = watching_of(videos[name]), watching_of(others[name])
        assert (here.parts, here.qualities, here.starts) == (there.parts, there.qualities, there.starts)


def test_a_video_that_is_not_ready_gets_no_viewings(db: None):
    build_watching({"slides": VideoFactory(title="slides")})

    assert not WatchTally.objects.exists()
