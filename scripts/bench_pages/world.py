"""The demo's data in an empty database, and the requests to measure. Django has to be set up."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from assessment.enums import AttemptState
from assessment.models import Attempt
from certificates.enums import CredentialState
from certificates.models import Credential
from courses.enums import EnrollmentState
from courses.models import Enrollment, LessonPage
from lms.demo.people import DemoPeople, build_people
from lms.demo.world import build_world
from tests.factories.media_pipeline import published_video

LANGUAGE = "ar"


@dataclass(frozen=True)
class Request:
    """What a reader asks; `cookies` are those of who is logged in. With a `body` it is sent as JSON."""

    path: str
    cookies: dict[str, str] = field(default_factory=dict)
    body: str = ""

    def headers(self) -> dict[str, str]:
        headers = {
            "Accept-Encoding": "gzip",
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
        }
        if self.body:
            headers |= {"Content-Type": "application/json", "X-CSRFToken": self.cookies["csrftoken"]}
        return {name: value for name, value in headers.items() if value}


def build() -> DemoPeople:
    """The demo's people, programs, cohorts and certificates; videos are rows without files."""
    videos = {name: published_video(title=name) for name in ("slides", "camera", "phone")}
    cast = build_people()
    build_world(cast, videos)
    return cast


def requests(cast: DemoPeople) -> dict[str, Request]:
    """By the names of the figures."""
    with translation.override(LANGUAGE):
        trainee = _logged_in(cast.trainee)
        manager = _logged_in(cast.manager)
        studied = _studied(cast)
        attempt = Attempt.objects.get(enrollment=studied, state=AttemptState.OPEN)
        pages = LessonPage.objects.descendant_of(studied.cohort.program).live().order_by("path")
        # The page itself leads to the lesson of the enrollment. One that is not open yet leads on.
        lessons = {page: _address(studied, page) for page in pages}
        is_open = {page: _is_open(Request(address, trainee)) for page, address in lessons.items()}
        watched = next(page for page in pages if is_open[page] and page.video())
        read = next(page for page in pages if is_open[page] and not page.video())
        credential = Credential.objects.filter(state=CredentialState.IN_FORCE).earliest("pk")
        return {
            "catalog": Request(reverse("courses:catalog")),
            "program": Request(studied.cohort.program.url),
            "verify": Request(reverse("certificates:verify", args=[credential.code])),
            "learning": Request(reverse("courses:my_learning"), trainee),
            "lesson": Request(lessons[watched], trainee),
            "reading": Request(lessons[read], trainee),
            "quiz": Request(reverse("assessment:attempt", args=[attempt.public_id]), trainee),
            "live": Request(reverse("live:index"), trainee),
            "certificates": Request(reverse("certificates:mine"), trainee),
            "beacon": Request(
                reverse("courses:progress", args=[studied.public_id, watched.translation_key]),
                trainee,
                json.dumps({"buckets": [0, 1, 2], "position": 12}),
            ),
            "staff_list": Request(reverse("enrollment:index"), manager),
        }


def _studied(cast: DemoPeople) -> Enrollment:
    """What the first trainee learns now, in the cohort where a test is open."""
    rows = Enrollment.objects.filter(
        person=cast.trainee.person_id, state=EnrollmentState.ACTIVE, attempts__state=AttemptState.OPEN
    )
    return rows.select_related("cohort__program").get()


def _address(enrollment: Enrollment, lesson: LessonPage) -> str:
    return reverse("courses:unit", args=[enrollment.public_id, lesson.translation_key])


def _logged_in(user: User) -> dict[str, str]:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return {"sessionid": client.cookies["sessionid"].value, "csrftoken": uuid.uuid4().hex}


def _is_open(lesson: Request) -> bool:
    client = Client(SERVER_NAME="localhost")
    client.cookies.load(lesson.cookies)
    return client.get(lesson.path).status_code == HTTPStatus.OK


def statements_of(request: Request) -> int:
    """How many statements the database gets for a request that was answered before."""
    client = Client(SERVER_NAME="localhost")
    client.cookies.load(request.cookies)
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    _ask(client, request)
    with connection.execute_wrapper(note):
        _ask(client, request)
    return len(asked)


def _ask(client: Client, request: Request) -> None:
    if request.body:
        client.post(request.path, request.body, content_type="application/json")
    else:
        client.get(request.path)
