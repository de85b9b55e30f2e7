"""What the person of an answer reads of its marks, and of the files that go back with them."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleName
from accounts.models import Center, User
from accounts.services.personal_data import personal_data
from assessment.models import FeedbackFile, Mark
from assessment.queries.feedback import feedback_of
from assessment.services.result_notices import send_result_notices
from tests.factories.accounts import CenterFactory
from tests.factories.assessment import photo
from tests.factories.marking import (
    BEST,
    EIGHT,
    FILES_BEST,
    SIX,
    essay_cohort,
    far_apart,
    files_opened,
    marked,
    marker,
    task_of,
    written,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def center() -> Center:
    row: Center = CenterFactory()
    return row


def posted(levels: dict[str, str], **typed: str) -> dict[str, str]:
    return {**{f"level-{line}": level for line, level in levels.items()}, **typed}


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opens(client: Client, version: int, *, decides: bool = False) -> str:
    """The address of the next answer."""
    name = "marking_next_decision" if decides else "marking_next"
    answer = client.post(reverse(name), {"question": version})
    assert answer.status_code == 302
    return str(answer["Location"])


def whole(answer: Any) -> str:
    """Headers and body, as they are sent."""
    body = b"".join(answer) if answer.streaming else answer.content
    return f"{answer.headers}\n{body.decode(errors='replace')}"


def test_the_person_is_told_and_reads_what_was_written_without_who_wrote_it(
    center: Center, mailoutbox: list[Any]
):
    attempt = written(essay_cohort(center))
    user = marker(center)
    marked(task_of(attempt), user, EIGHT, comment="اذكر لافتة التحذير أولًا.")
    attempt.refresh_from_db()

    send_result_notices()
    send_result_notices()
    page = logged_in(User.objects.get(person=attempt.enrollment.person)).get(
        reverse("assessment:attempt", args=[attempt.public_id])
    )

    data = "".join(personal_data(attempt.enrollment.person))
    assert "اذكر لافتة التحذير أولًا." in data
    assert user.username not in data
    text = page.content.decode()
    assert "اذكر لافتة التحذير أولًا." in text
    assert "ناقص" in text
    assert user.username not in text
    assert str(user) not in text
    assert attempt.result_notice.state != "waiting"


def test_where_two_marks_are_averaged_both_comments_are_read(center: Center):
    attempt = written(essay_cohort(center, second_marking="all", mark_tolerance=100))
    marked(task_of(attempt), marker(center), EIGHT, comment="واحد")
    before = feedback_of(attempt)
    marked(task_of(attempt), marker(center), BEST, comment="اثنان")
    attempt.refresh_from_db()

    given = feedback_of(attempt)[0]

    assert before == {}
    assert sorted(given.comments) == ["اثنان", "واحد"]
    assert sorted(level.points for level in given.levels) == [2, 4, 6]


def test_of_marks_that_were_decided_about_only_the_decision_is_read(center: Center):
    task = far_apart(center)
    manager = marker(center, RoleName.CENTER_MANAGER)
    client = logged_in(manager)

    client.post(opens(client, task.version_id, decides=True), posted(SIX, comment="القرار", is_final="on"))

    task.attempt.refresh_from_db()
    assert feedback_of(task.attempt)[0].comments == ["القرار"]


def test_the_files_of_an_answer_are_for_who_has_it_open(center: Center):
    user, task, file = files_opened(center)
    address = reverse("marking_file", args=[file.public_id])
    client = logged_in(user)

    page = client.get(reverse("marking_answer", args=[task.code]))
    read = client.get(address)
    colleague = logged_in(marker(center)).get(address)
    noted = [{"file": str(file.public_id), "page": 1, "x": 500, "y": 250, "text": "شد البرغي هنا."}]
    client.post(reverse("marking_answer", args=[task.code]), posted(FILES_BEST, points=json.dumps(noted)))
    after = client.get(address)

    assert address in page.content.decode()
    assert (read.status_code, colleague.status_code, after.status_code) == (200, 404, 404)
    assert read["Content-Disposition"] == 'inline; filename="answer.jpg"'
    assert b"SECRET" not in read.content
    task.attempt.refresh_from_db()
    [pin] = feedback_of(task.attempt)[0].pins
    assert (pin.number, pin.x, pin.y, pin.text) == (1, "50%", "25%", "شد البرغي هنا.")


def test_a_file_goes_back_with_the_mark_without_the_name_of_its_marker(center: Center):
    attempt = written(essay_cohort(center))
    user = marker(center)
    client = logged_in(user)
    address = opens(client, attempt.versions[0])
    named = f"{user.username}.jpg"

    refused = client.post(address, {**posted(BEST), "file": SimpleUploadedFile(named, b"GIF89a")})
    client.post(address, {**posted(BEST), "file": SimpleUploadedFile(named, photo(80))})
    trainee = logged_in(User.objects.get(person=attempt.enrollment.person))
    file = FeedbackFile.objects.get()
    read = trainee.get(reverse("assessment:feedback_file", args=[attempt.public_id, file.public_id]))
    page = trainee.get(reverse("assessment:attempt", args=[attempt.public_id]))

    assert refused.context["form"].errors["file"]
    assert read.status_code == 200
    assert b"SECRET" not in read.content
    assert user.username not in whole(read) + whole(page)
    assert str(file.public_id) in page.content.decode()


@pytest.mark.parametrize(
    "points",
    [
        [{"file": "x", "page": 1, "text": "هنا"}],
        [{"file": "x"}],
        ["x"],
    ],
)
def test_comments_on_what_is_no_file_of_the_answer_are_refused(center: Center, points: Any):
    attempt = written(essay_cohort(center))
    client = logged_in(marker(center))
    address = opens(client, attempt.versions[0])

    answer = client.post(address, posted(BEST, points=json.dumps(points)))

    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert not Mark.objects.exists()
