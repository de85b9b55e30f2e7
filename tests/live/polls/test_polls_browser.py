"""Polls and questions in browsers: a trainee on a phone and an instructor on a desktop."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, WebSocketRoute, expect

from accounts.models import User
from live.models import LiveSession, Poll, PollVote, Question
from live.queries.polls import results_of
from live.services.questions import ask_question
from tests.browser_pages import AXE, DESK, PHONE, entered, keep
from tests.live.browser_broadcast import room_of
from tests.live.polls.test_polls import ask
from tests.served_site import ON_SITE

pytestmark = [
    pytest.mark.browser("two browsers in a room"),
    ON_SITE,
    pytest.mark.django_db(transaction=True),
]

ROOT = Path(__file__).resolve().parents[3]


def in_room(browser: Browser, address: str, session: LiveSession, user: User, **facts: Any) -> BrowserContext:
    context = entered(browser, address, user, **facts)
    room_of(context, address, session)
    return context


def faults(page: Page) -> list[str]:
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run('[data-panel]:not([hidden])')")
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]


def test_a_poll_is_asked_answered_by_keys_and_its_results_are_bars_with_numbers(
    browser: Browser,
    site: str,
    session: LiveSession,
    trainee: User,
    instructor: User,
):
    desk = in_room(browser, site, session, instructor, viewport=DESK)
    phone = in_room(browser, site, session, trainee, viewport=PHONE, bypass_csp=True)
    staff, page = desk.pages[0], phone.pages[0]

    staff.click("[data-tab=polls]")
    staff.click("[data-poll-new] summary")
    staff.fill("[name=question]", "أي مفتاح نفصل أولًا قبل العمل على لوحة التوزيع الرئيسية؟")
    staff.fill("[name=options]", "المفتاح الرئيسي\nمفتاح الدائرة\nلا حاجة إلى الفصل")
    keep(staff, "poll-draft-desk-ar")
    staff.click("[data-poll-draft] [value='poll.ask']")
    expect(page.locator("[data-line]")).to_contain_text("الاستطلاعات")
    keep(page, "poll-told-phone-ar")

    page.focus("[data-tab=talk]")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-panel=polls]")).to_be_visible()
    page.focus("[data-polls] input >> nth=0")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    keep(page, "poll-open-phone-ar")
    page.keyboard.press("Enter")
    expect(page.locator("[data-option-mine] >> nth=1")).to_be_visible()
    expect(staff.locator("[data-option-votes] >> nth=1")).to_contain_text("١")
    keep(staff, "poll-open-desk-ar")
    assert faults(page) == []

    staff.click("[data-poll-act='poll.close']:visible")
    expect(page.locator("[data-option-votes] >> nth=1")).to_contain_text("١")
    keep(page, "poll-closed-phone-ar")
    page.reload()
    page.wait_for_selector("[data-write]:not([hidden])")
    page.click("[data-tab=polls]")
    expect(page.locator("[data-option-mine] >> nth=1")).to_be_visible()
    assert faults(page) == []
    assert list(PollVote.objects.values_list("options", flat=True)) == [[1]]
    desk.close()
    phone.close()


@pytest.mark.browser("the same room with a line that breaks", nightly=True)
def test_questions_and_votes_given_offline_are_stored_and_sent(
    browser: Browser,
    site: str,
    session: LiveSession,
    trainee: User,
    instructor: User,
):
    poll = ask(session, instructor, is_anonymous=True)
    phone = in_room(browser, site, session, trainee, viewport=PHONE, bypass_csp=True)
    page = phone.pages[0]
    lines: list[WebSocketRoute] = []

    def through(line: WebSocketRoute) -> None:
        line.connect_to_server()
        lines.append(line)

    page.route_web_socket("**/ws/live/", through)
    page.reload()
    page.wait_for_selector("[data-write]:not([hidden])")

    page.route("**/ticket/", lambda route: route.abort())
    lines[-1].close(code=4000)
    page.click("[data-tab=polls]")
    page.check("[data-polls] input >> nth=2")
    page.click("[data-poll-submit]")
    expect(page.locator("[data-poll-note]")).to_contain_text("محفوظ")
    page.click("[data-tab=questions]")
    page.fill("[data-question-text]", "هل نكرر التجربة غدًا؟")
    page.keyboard.press("Enter")
    expect(page.locator("[data-question-note]:visible")).to_contain_text("محفوظ")
    keep(page, "question-kept-phone-ar")
    assert not Question.objects.exists()

    page.unroute("**/ticket/")
    page.reload()
    expect(page.locator("[data-question-note]:visible")).to_have_count(0)
    page.click("[data-tab=questions]")
    expect(page.locator("[data-question-body]")).to_have_text("هل نكرر التجربة غدًا؟")
    keep(page, "question-phone-ar")
    assert faults(page) == []
    page.click("[data-tab=polls]")
    expect(page.locator("[data-poll-note]")).to_contain_text("احتُسب")
    expect(page.locator("[data-polls] input:checked")).to_have_count(0)
    keep(page, "poll-anonymous-phone-ar")
    assert Question.objects.count() == 1
    assert results_of(Poll.objects.get(pk=poll.pk)) == {"voters": 1, "tally": [0, 0, 1]}
    phone.close()


@pytest.mark.browser("one more part of the same room", nightly=True)
def test_reactions_are_shown_as_numbers_next_to_their_names(
    browser: Browser,
    site: str,
    session: LiveSession,
    trainee: User,
    instructor: User,
):
    desk = in_room(browser, site, session, instructor, viewport=DESK)
    phone = in_room(browser, site, session, trainee, viewport=PHONE)
    ask_question(session_id=session.pk, by=trainee, text="متى الاستراحة؟")

    for _ in range(2):
        phone.pages[0].click("[data-reaction=slower]")

    expect(desk.pages[0].locator("[data-reaction=slower] [data-reaction-count]")).to_be_visible()
    keep(phone.pages[0], "reactions-phone-ar")
    desk.pages[0].click("[data-tab=questions]")
    keep(desk.pages[0], "questions-desk-ar")
    desk.close()
    phone.close()
