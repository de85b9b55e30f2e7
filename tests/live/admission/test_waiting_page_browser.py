"""The waiting page before entry, on a phone and on a desktop."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from courses.models import ClassSession
from live.models import LiveSession
from live.services.feeds import renew_feed
from live.services.scheduling import cancel_live_session, schedule_series
from tests.browser_pages import DESK, PHONE, SHOTS, entered, keep
from tests.factories.live import LiveSessionFactory
from tests.live.conftest import enrolled, instructor_of
from tests.served_site import ON_SITE

pytestmark = [
    pytest.mark.browser("a lobby that opens by script"),
    ON_SITE,
    pytest.mark.django_db(transaction=True),
]


def opened(browser: Browser, address: str, user: User, path: str, **facts: Any) -> Page:
    page = entered(browser, address, user, locale="ar-EG", **facts).new_page()
    page.clock.install()
    page.goto(f"{address}{path}")
    return page


def doors_in(seconds: float) -> LiveSession:
    starts_at = timezone.now() + dt.timedelta(minutes=15, seconds=seconds)
    session = LiveSessionFactory(class_session__starts_at=starts_at)
    session.class_session.instructor = instructor_of(session)
    session.class_session.save()
    return session


def test_the_link_to_enter_appears_by_itself_when_entry_opens(browser: Browser, site: str):
    session = doors_in(3600)
    trainee = enrolled(session)
    room = f"/ar/live/{session.class_session.public_id}/"

    waiting = opened(browser, site, trainee, room, viewport=PHONE)
    learning = opened(browser, site, trainee, "/ar/learning/", viewport=PHONE)
    desk = opened(browser, site, trainee, "/ar/learning/", viewport=DESK)

    expect(waiting.locator("[data-left]")).to_contain_text("٠٠:٥٩:")
    expect(waiting.locator("[data-join]")).to_be_hidden()
    keep(waiting, "waiting-phone-ar")
    keep(learning, "soon-phone-ar")
    keep(desk, "soon-desk-ar")
    # An hour passes at once, for the class and for the pages.
    ClassSession.objects.update(starts_at=timezone.now())
    for page in (waiting, learning, desk):
        page.clock.fast_forward("01:00:00")
        expect(page.locator("[data-join]")).to_be_visible()
        expect(page.locator("[data-wait]")).to_be_hidden()
    keep(learning, "soon-open-phone-ar")
    waiting.click("[data-join]")
    waiting.wait_for_selector("[data-write]:not([hidden])")


@pytest.mark.browser("the same countdown on a phone whose clock is wrong", nightly=True)
def test_the_countdown_goes_by_the_server_s_clock(browser: Browser, site: str):
    session = doors_in(3600)
    trainee = enrolled(session)
    context = entered(browser, site, trainee, viewport=PHONE)
    page = context.new_page()
    # A phone whose clock is two days ahead.
    page.add_init_script("const now = Date.now.bind(Date); Date.now = () => now() + 2 * 864e5")

    page.goto(f"{site}/ar/live/{session.class_session.public_id}/")

    expect(page.locator("[data-left]")).to_contain_text("٠٠:٥٩:")


@pytest.mark.browser("twelve pictures to be looked at", nightly=True)
def test_the_pages_of_the_timetable_fit_a_phone_and_a_desk(browser: Browser, site: str):
    session = doors_in(86_400)
    trainee, instructor = enrolled(session), instructor_of(session)
    day = timezone.localdate() + dt.timedelta(days=7)
    made = schedule_series(
        cohort=session.class_session.cohort,
        title="قراءة المخططات الكهربائية",
        weekdays={1, 3},
        first_day=day,
        last_day=day + dt.timedelta(days=14),
        starts=dt.time(18),
        ends=dt.time(20),
        by=instructor,
        instructor=instructor,
    )
    cancel_live_session(session_id=made[0].pk, reason="انقطاع الكهرباء في المركز", by=instructor)
    renew_feed(user=trainee)

    for name, size in (("phone", PHONE), ("desk", DESK)):
        keep(opened(browser, site, trainee, "/ar/live/", viewport=size), f"live-index-{name}-ar")
        keep(opened(browser, site, trainee, "/ar/live/calendar/", viewport=size), f"calendar-{name}-ar")
        canceled = f"/ar/live/{made[0].class_session.public_id}/"
        keep(opened(browser, site, trainee, canceled, viewport=size), f"canceled-{name}-ar")
        form = opened(browser, site, instructor, reverse("livesession:add"), viewport=size)
        form.screenshot(path=SHOTS / f"schedule-{name}-ar.png", full_page=True)
        change = reverse("livesession:edit", args=[made[1].pk])
        page = opened(browser, site, instructor, change, viewport=size)
        page.screenshot(path=SHOTS / f"change-{name}-ar.png", full_page=True)
