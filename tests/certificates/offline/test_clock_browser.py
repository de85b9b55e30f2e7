"""A phone whose clock is set back calls nothing valid that it did not call valid before."""

import datetime as dt
import time

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from certificates.models import SigningKey
from certificates.services.badges import offline_url
from tests.certificates.phones import PHONE, cache_status, cut_off, verdict_of, visited, visited_again
from tests.factories.certificates import issued
from tests.factories.courses import CohortFactory
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.browser("storage of a browser whose clock is set back"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("bundles"),
]

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def in_the_next_second() -> None:
    """A list says in which second it was made: one of the same second is not newer."""
    this = int(time.time())
    wait_until(lambda: int(time.time()) > this)


def test_an_old_list_stays_old_when_the_clock_is_set_back(
    browser: Browser, server: LiveServer, demo_keys: list[SigningKey]
):
    address = offline_url(issued(CohortFactory()))
    now = timezone.now()
    context = browser.new_context(viewport=PHONE, locale="ar-EG")
    page = visited(context, server)
    cut_off(context, server, page)
    states = [verdict_of(page, address)[0]]

    for moment in (now + 30 * DAY, now + HOUR, now - 2 * DAY):
        page.clock.set_fixed_time(moment)
        visited_again(page)
        states.append(verdict_of(page, address)[0])

    assert states == ["valid", "status-unknown", "status-unknown", "status-unknown"]
    expect(cache_status(page)).to_contain_text("ساعة هذا الجهاز")
    context.close()


@pytest.mark.browser("one more life of a clock", nightly=True)
def test_a_clock_set_back_while_the_page_is_open_is_noticed_at_the_next_check(
    browser: Browser, server: LiveServer, demo_keys: list[SigningKey]
):
    address = offline_url(issued(CohortFactory()))
    now = timezone.now()
    context = browser.new_context(viewport=PHONE, locale="ar-EG")
    page = visited(context, server)
    cut_off(context, server, page)

    page.clock.set_fixed_time(now + 2 * DAY)
    ahead = verdict_of(page, address)[0]
    page.clock.set_fixed_time(now + HOUR)
    back = verdict_of(page, address)[0]

    assert (ahead, back) == ("status-unknown", "status-unknown")
    context.close()


@pytest.mark.browser("one more life of a clock", nightly=True)
def test_a_clock_that_ran_ahead_is_put_right_by_the_next_list(
    browser: Browser, server: LiveServer, demo_keys: list[SigningKey]
):
    address = offline_url(issued(CohortFactory()))
    now = timezone.now()
    context = browser.new_context(viewport=PHONE, locale="ar-EG")
    page = visited(context, server)
    page.clock.set_fixed_time(now + 300 * DAY)
    visited_again(page)
    in_the_next_second()

    page.clock.set_fixed_time(timezone.now() + dt.timedelta(minutes=1))
    cache.clear()
    visited_again(page)

    assert verdict_of(page, address)[0] == "valid"
    context.close()
