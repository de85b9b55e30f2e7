"""A lesson in a real browser whose video comes from the bucket's origin."""

import datetime as dt
import json
import re
from collections.abc import Iterator

import pytest
from django.conf import settings as site
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer
from wagtail.models import Site

from courses.clauses import Clauses
from courses.enums import Shift
from courses.models import LessonPage
from courses.services.cohorts import open_cohort
from courses.services.completion import set_completion_rule
from media_pipeline.models import Video
from media_pipeline.queries.delivery import delivered
from media_pipeline.services import bucket_renditions
from tests.factories.accounts import TraineeFactory, UserFactory
from tests.factories.courses import CoursePageFactory, EnrollmentFactory, LessonPageFactory
from tests.factories.pages import root_page
from tests.media_pipeline.bucket.server import BucketServer
from tests.waiting import time_passes

pytestmark = [
    pytest.mark.browser("a browser asks another origin for the film"),
    # One worker starts the bucket and makes the video.
    pytest.mark.xdist_group("bucket"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def lesson(video: Video) -> LessonPage:
    course = CoursePageFactory()
    # The parent page of the program, not the front page that migrations create.
    Site.objects.update(root_page=root_page())
    Site.clear_site_root_paths_cache()
    return LessonPageFactory(parent=course, body=json.dumps([{"type": "video", "value": video.pk}]))


@pytest.fixture
def client(lesson: LessonPage, video: Video) -> Client:
    """The client of an enrolled trainee."""
    program, clerk = lesson.get_parent().get_parent().specific, UserFactory()
    set_completion_rule(program_id=program.pk, by=clerk, asks=Clauses(units=True))
    cohort = open_cohort(
        program_id=program.pk,
        center_id=video.center_id,
        code=program.code,
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate() + dt.timedelta(days=30),
        shift=Shift.MORNING,
        seats=15,
        by=clerk,
    )
    enrollment = EnrollmentFactory(cohort=cohort, person__registered_at=video.center)
    client = Client()
    client.force_login(TraineeFactory(person=enrollment.person))
    return client


@pytest.fixture
def page(
    browser: Browser,
    bucket: BucketServer,
    lesson: LessonPage,
    client: Client,
    live_server: LiveServer,
    settings: Settings,
) -> Iterator[Page]:
    """The lesson under the content security policy of the site and the CORS rules of the bucket."""
    bucket.allow(origin=live_server.url)
    settings.SECURE_CSP = {
        **site.SECURE_CSP,
        "media-src": [*site.SECURE_CSP["media-src"], bucket.endpoint],
        "connect-src": [*site.SECURE_CSP["connect-src"], bucket.endpoint],
    }
    context = browser.new_context(viewport={"width": 360, "height": 640}, locale="ar")
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + lesson.get_url())
    page.wait_for_selector("button[data-play]:visible")
    bucket.requests.clear()
    yield page
    leave(page)
    context.close()


# Sends the reports of a page that is left, and waits for the responses.
LEAVE = """async () => {
  const answers = [];
  const real = window.fetch;
  window.fetch = (...asked) => {
    answers.push(real(...asked));
    return answers.at(-1);
  };
  dispatchEvent(new Event("pagehide"));
  window.fetch = real;
  await Promise.allSettled(answers);
}"""


def leave(page: Page) -> None:
    """Wait for the last reports of a page: the database is flushed after the test."""
    page.evaluate(LEAVE)
    page.goto("about:blank")


POLICY = re.compile(r"Content Security Policy|CORS|Access-Control")
# Playwright's wait_for_function needs eval, which the policy of the site forbids.
ENDED = """() => new Promise((tell) => {
  const video = document.querySelector("video");
  if (video.ended) tell(true);
  video.addEventListener("ended", () => tell(true));
  setTimeout(() => tell(false), 60_000);
})"""


def play(page: Page) -> list[str]:
    """Play to the end; returns the errors of the console."""
    faults: list[str] = []
    page.on("console", lambda said: POLICY.search(said.text) and faults.append(said.text))
    page.wait_for_selector("button[data-play]:visible")
    page.click("button[data-play]")
    assert page.evaluate(ENDED), faults
    return faults


@pytest.mark.parametrize(
    "quality",
    [
        "auto",
        *(
            pytest.param(name, marks=pytest.mark.browser("another quality", nightly=True))
            for name in ("240p", "audio")
        ),
    ],
)
def test_a_video_plays_from_the_bucket(bucket: BucketServer, page: Page, video: Video, quality: str):
    page.evaluate(f"document.querySelector('input[value=\"{quality}\"]').click()")
    faults = play(page)
    leave(page)

    asked = [(key, part, status) for method, key, part, status in bucket.requests if method == "GET"]
    assert faults == []
    assert asked
    assert {status for *_, status in asked} == {206}
    assert all(key.startswith(f"films/{video.published.rendition_set}/") and part for key, part, _ in asked)
    # Reported when the page was left; estimated, since browsers hide the sizes of other origins.
    assert delivered(video).bytes > 0


@pytest.mark.browser("six seconds until addresses are old", nightly=True)
@pytest.mark.parametrize("quality", ["auto", "240p"])
def test_a_player_paused_until_its_addresses_expired_continues_with_new_ones(
    bucket: BucketServer, page: Page, monkeypatch: pytest.MonkeyPatch, quality: str
):
    # 20 s, so that the page has new addresses 5 s later.
    monkeypatch.setattr(bucket_renditions, "SPARE", dt.timedelta(seconds=17))
    page.reload()
    page.wait_for_selector("button[data-play]:visible")
    page.evaluate(f"document.querySelector('input[value=\"{quality}\"]').click()")
    time_passes(6, "the addresses expire", page)
    bucket.refuse = lambda method, path: not any(status == 403 for *_, status in bucket.requests)

    faults = play(page)

    assert faults == []
    assert next(status for method, *_, status in bucket.requests if method == "GET") == 403
