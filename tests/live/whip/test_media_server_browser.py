"""A class carried by a media server, in a real browser with fake devices."""

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from live.models import Event, LiveSession
from live.services.hands import raise_hand
from live.services.moderation import kick_person
from live.services.video import start_video
from tests.browser_pages import DESK, PHONE, entered, keep
from tests.live.browser_broadcast import room_of
from tests.live.conftest import Server, enrolled, instructor_of, stop_server
from tests.live.whip import peers
from tests.live.whip.peers import MEDIA_TOKEN, MediaProcess, site_with
from tests.served_site import ON_SITE
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.browser("WebRTC between browsers and a media server"),
    ON_SITE,
    pytest.mark.django_db(transaction=True),
]

# The fixtures of both.
media = peers.media
whip_site = peers.whip_site


def in_room(devices: Browser, site: Server, session: LiveSession, user: User, size: dict[str, int]) -> Page:
    return room_of(entered(devices, site.origin, user, viewport=size, locale="ar"), site.origin, session)


def pictures(page: Page) -> int:
    """How many pictures were shown so far."""
    script = "document.querySelector('[data-picture]').getVideoPlaybackQuality().totalVideoFrames"
    return page.evaluate(script)


def sees_more(page: Page, seconds: float = 40) -> None:
    # The count begins again with each connection.
    before = pictures(page)

    def has_more() -> bool:
        nonlocal before
        before = min(before, count := pictures(page))
        return before < count - 3

    wait_until(has_more, seconds, page=page)


def test_a_class_is_sent_and_watched_through_a_media_server(
    devices, whip_site, media, session, trainee, instructor
):
    second = enrolled(session)
    desk = in_room(devices, whip_site, session, instructor, DESK)
    phone = in_room(devices, whip_site, session, trainee, PHONE)
    other = in_room(devices, whip_site, session, second, DESK)

    on_air(desk)
    for page in (phone, other):
        page.wait_for_selector("[data-watch]", state="visible", timeout=40_000)
        page.click("[data-watch]")
        sees_more(page)
    expect(phone.locator("[data-back]")).to_be_hidden()
    expect(phone.locator("[data-ways] [value=small]")).to_be_hidden()
    expect(phone.locator("[data-ways] [value=auto]")).to_contain_text("في حينه")
    expect(desk.locator("[data-heard]")).to_contain_text("٢")
    assert MEDIA_TOKEN not in phone.content() + desk.content()
    keep(desk, "peer-sending-desk-ar")
    keep(phone, "peer-watching-phone-ar")
    keep(other, "peer-watching-desk-ar")

    # Another camera, or a card, uses the same connection.
    desk.select_option("[data-cameras]", "none")
    sees_more(phone)
    assert media.ways() == ["whep", "whep", "whip"]

    # Audio only is another connection, without the picture.
    other.select_option("[data-ways]", "audio")
    expect(other.locator("[data-no-picture]")).to_be_visible()
    wait_until(lambda: media.ways() == ["whep", "whep", "whip"])

    raised = raise_hand(session_id=session.pk, by=trainee)
    kick_person(session_id=session.pk, by=instructor, seq=raised.seq)
    wait_until(lambda: media.ways() == ["whep", "whip"])
    expect(phone.locator("[data-video]")).to_be_hidden()
    keep(phone, "peer-kicked-phone-ar")

    desk.click("[data-stop]")
    expect(desk.locator("[data-on-air]")).to_be_hidden()
    expect(other.locator("[data-video]")).to_be_hidden()
    wait_until(lambda: media.ways() == [])
    kinds = Event.objects.filter(session=session, kind__startswith="video.").values_list("kind", flat=True)
    assert list(kinds) == ["video.started", "video.stopped"]


def on_air(page: Page) -> None:
    page.click("[data-sending] summary")
    page.click("[data-send]")
    expect(page.locator("[data-on-air]")).to_be_visible(timeout=40_000)


@pytest.mark.browser("a server that dies and is waited for, half a minute", nightly=True)
def test_pages_show_that_the_media_server_is_unreachable_and_recover_by_themselves(
    devices, session, trainee, instructor, django_db_setup
):
    server = MediaProcess()
    site = site_with(server)
    try:
        desk = in_room(devices, site, session, instructor, DESK)
        phone = in_room(devices, site, session, trainee, PHONE)
        on_air(desk)
        phone.wait_for_selector("[data-watch]", state="visible", timeout=40_000)
        phone.click("[data-watch]")
        sees_more(phone)

        server.stop()
        # "What you say now is not heard", or that the server cannot be reached: whichever is detected first.
        said = desk.locator("[data-sending-line]")
        expect(said).to_contain_text("لا يمكن الوصول إلى خادم الصوت والصورة", timeout=60_000)
        expect(desk.locator("[data-on-air]")).to_be_hidden()
        keep(desk, "peer-away-desk-ar")
        desk.fill("[data-text]", "هل تسمعونني؟")
        desk.press("[data-text]", "Enter")
        expect(phone.get_by_text("هل تسمعونني؟")).to_be_visible()

        server = MediaProcess(port=server.port)
        sees_more(phone, seconds=90)
        expect(said).not_to_contain_text("لا يمكن الوصول")
        expect(desk.locator("[data-on-air]")).to_be_visible(timeout=40_000)
    finally:
        server.stop()
        stop_server(site)


@pytest.mark.browser("a site and a media server of its own", nightly=True)
def test_a_trainee_is_told_that_the_media_server_is_unreachable(
    devices, session, trainee, instructor, django_db_setup
):
    server = MediaProcess()
    site = site_with(server)
    server.stop()
    try:
        start_video(session_id=session.pk, by=instructor)
        phone = in_room(devices, site, session, trainee, PHONE)
        phone.click("[data-watch]")

        told = phone.locator("[data-video-line]")
        expect(told).to_contain_text("لا يمكن الوصول إلى خادم الصوت والصورة")
        keep(phone, "peer-away-phone-ar")
    finally:
        stop_server(site)


@pytest.mark.browser("a second way to send, twenty seconds", nightly=True)
def test_another_instructor_takes_over(devices, whip_site, media, session, instructor):
    first = in_room(devices, whip_site, session, instructor, DESK)
    second = in_room(devices, whip_site, session, instructor_of(session), DESK)
    on_air(first)
    wait_until(lambda: media.ways() == ["whip"])

    second.click("[data-sending] summary")
    second.click("[data-send]")
    expect(second.locator("[data-take-over]")).to_be_visible()
    second.click("[data-take-over]")

    expect(second.locator("[data-on-air]")).to_be_visible()
    expect(first.locator("[data-on-air]")).to_be_hidden(timeout=60_000)
    expect(first.locator("[data-take-over]")).to_be_visible()
    keep(first, "peer-taken-over-desk-ar")
    second.click("[data-stop]")
    wait_until(lambda: media.ways() == [])
