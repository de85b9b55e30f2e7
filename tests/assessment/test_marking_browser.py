"""Marking by hand in a browser, in Arabic: five answers by keyboard, a second mark far apart, a decision, and what the trainee reads."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import RoleName
from accounts.models import Center, User
from assessment.enums import AttemptState
from assessment.models import Attempt, Mark
from assessment.services.marking_tasks import claim_next
from tests.browser_pages import DESK, PHONE, entered, findings, keep
from tests.bundles import bundle
from tests.factories.accounts import CenterFactory
from tests.factories.marking import (
    BEST,
    essay_cohort,
    essay_version,
    files_opened,
    marked,
    marker,
    quiz_taught,
    task_of,
    written,
)

pytestmark = [
    pytest.mark.browser("marking answers by hand, on a desk by keyboard and on a phone"),
    pytest.mark.django_db(transaction=True),
]
TEXT = "صف بالترتيب خطوات تأمين لوحة التوزيع قبل العمل، واذكر سبب كل خطوة.\nاكتب ما لا يزيد على صفحة واحدة."
ESSAY = (
    "أبدأ بإبلاغ المشرف ومن يعملون في المكان، ثم أفصل القاطع الرئيسي وأضع عليه قفلًا حتى لا يعيده أحد.\n\n"
    "بعد ذلك أعلق لافتة التحذير، وأفحص غياب التيار بمفك الاختبار على كل فاز، وأجرب المفك أولًا على مصدر أعرف أن فيه تيارًا.\n"
    "وأخيرًا أؤرض الأطراف وألبس القفاز العازل قبل أن ألمس أي طرف."
)


def looked_at(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready")
    keep(page, name)
    assert findings(page, "main") == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def of(browser: Browser, live_server: LiveServer, user: User, viewport: dict[str, int]) -> Page:
    return entered(browser, live_server.url, user, viewport=viewport, locale="ar").new_page()


def mark_by_keys(page: Page, levels: str, comment: str = "") -> None:
    """A digit for each line, which leads to the next one and in the end to the comment; then Ctrl and Enter."""
    for level in levels:
        page.keyboard.press(level)
    if comment:
        page.keyboard.type(comment)
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")


def five_essays(center: Center) -> list[Attempt]:
    cohort = essay_cohort(center, second_marking="all", mark_tolerance=10, title="اختبار السلامة الكهربائية")
    version = essay_version(quiz_taught(cohort), text=TEXT)
    return [written(cohort, version, essay=ESSAY) for _person in range(5)]


def test_five_answers_are_marked_by_keyboard_one_is_decided_and_the_trainee_reads_it(
    browser: Browser, live_server: LiveServer
):
    bundle()
    center = CenterFactory()
    attempts = five_essays(center)
    desk = DESK | {"height": 1100}
    first = of(browser, live_server, marker(center), desk)
    second = of(browser, live_server, marker(center), desk)
    manager = of(browser, live_server, marker(center, RoleName.CENTER_MANAGER), desk)

    first.goto(live_server.url + reverse("marking"))
    looked_at(first, "marking-queue-desk-ar")
    first.locator(".marking__question button").click()
    first.wait_for_selector("[data-line]")
    looked_at(first, "marking-answer-desk-ar")
    for _answer in range(5):
        mark_by_keys(first, "32", "ترتيب سليم، وزاد التأريض.")
    first.goto(live_server.url + reverse("marking_mine"))
    looked_at(first, "marking-mine-desk-ar")

    second.goto(live_server.url + reverse("marking"))
    second.locator(".marking__question button").click()
    second.wait_for_selector("[data-line]")
    # The same but for the first one, which is far apart.
    mark_by_keys(second, "11", "لم يذكر السبب.")
    for _answer in range(4):
        mark_by_keys(second, "32")

    manager.goto(live_server.url + reverse("marking_decisions"))
    manager.locator(".marking__question button").click()
    manager.wait_for_selector(".marking__both")
    looked_at(manager, "marking-decide-desk-ar")
    manager.locator("[name=is_final]").check()
    manager.locator("[data-line] input").first.focus()
    mark_by_keys(manager, "22", "الخطوات سليمة وينقصها سبب القفل.")
    manager.goto(live_server.url + reverse("marking_decided"))
    looked_at(manager, "marking-decided-desk-ar")

    states = {attempt.state for attempt in Attempt.objects.all()}
    decided = Attempt.objects.get(score=80)
    trainee = of(browser, live_server, User.objects.get(person=decided.enrollment.person), PHONE)
    trainee.goto(live_server.url + reverse("assessment:attempt", args=[decided.public_id]))
    looked_at(trainee, "marking-result-phone-ar")
    keep(trainee, "marking-result-whole-phone-ar", full_page=True)
    assert states == {AttemptState.MARKED}
    assert Mark.objects.count() == 11
    assert len(attempts) == 5
    expect(trainee.get_by_text("الخطوات سليمة وينقصها سبب القفل.")).to_be_visible()
    expect(trainee.get_by_text("لم يذكر السبب.")).to_have_count(0)


def test_a_picture_is_commented_on_a_phone_and_a_long_answer_fits(browser: Browser, live_server: LiveServer):
    bundle()
    center = CenterFactory()
    user, task, _file = files_opened(center)
    phone = of(browser, live_server, user, PHONE | {"height": 1800})

    phone.goto(live_server.url + reverse("marking_answer", args=[task.code]))
    phone.locator(".marking__picture img").click(position={"x": 30, "y": 20})
    phone.locator(".marking__note textarea").fill("شد البرغي هنا.")
    looked_at(phone, "marking-picture-phone-ar")
    phone.locator("[data-line] input").first.check()
    phone.locator("[data-line]").nth(1).locator("input").first.check()
    with phone.expect_navigation():
        phone.locator("[data-save]").click()
    essay = task_of(written(essay_cohort(center), essay=ESSAY * 4))
    claim_next(version_id=essay.version_id, by=user)
    phone.goto(live_server.url + reverse("marking_answer", args=[essay.code]))
    looked_at(phone, "marking-answer-phone-ar")
    phone.goto(live_server.url + reverse("marking"))
    looked_at(phone, "marking-queue-phone-ar")

    [note] = Mark.objects.get().points
    assert note["text"] == "شد البرغي هنا."
    assert 0 < note["x"] < 1000


def test_a_comment_is_placed_and_moved_by_keyboard_and_by_finger(browser: Browser, live_server: LiveServer):
    bundle()
    user, task, _file = files_opened(CenterFactory(), side=640)
    phone = of(browser, live_server, user, PHONE | {"height": 1800})

    phone.goto(live_server.url + reverse("marking_answer", args=[task.code]))
    phone.locator("[data-comment-picture]").focus()
    phone.keyboard.press("Enter")
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowUp"):
        phone.keyboard.press(key)
    phone.keyboard.press("Enter")
    phone.keyboard.type("انظر إلى الطرف.")
    phone.locator(".marking__picture img").click(position={"x": 20, "y": 20})
    phone.keyboard.type("يحذف.")
    phone.locator("[data-move]").nth(1).click()
    phone.keyboard.press("Delete")
    pin = phone.locator(".marking__place")
    looked_at(phone, "marking-pins-phone-ar")
    before = pin.bounding_box()
    assert before is not None
    middle = (before["x"] + before["width"] / 2, before["y"] + before["height"] / 2)
    phone.mouse.move(*middle)
    phone.mouse.down()
    phone.mouse.move(middle[0] - 40, middle[1])
    phone.mouse.up()
    for line in range(2):
        phone.locator("[data-line]").nth(line).locator("input").first.check()
    with phone.expect_navigation():
        phone.locator("[data-save]").click()

    [note] = Mark.objects.get().points
    assert note["text"] == "انظر إلى الطرف."
    assert note["y"] == 450
    assert 0 < note["x"] < 520


def test_the_agreement_of_markers_fits(browser: Browser, live_server: LiveServer):
    bundle()
    center = CenterFactory()
    cohort = essay_cohort(center, second_marking="all", mark_tolerance=100)
    version = essay_version(quiz_taught(cohort))
    one, other = marker(center), marker(center)
    for number in range(10):
        task = task_of(written(cohort, version))
        marked(task, one, BEST)
        marked(task, other, BEST if number % 3 else {"1": "1", "2": "2"})
    page = of(browser, live_server, marker(center, RoleName.CENTER_MANAGER), PHONE)

    page.goto(live_server.url + reverse("marking_agreement"))
    looked_at(page, "marking-agreement-phone-ar")
