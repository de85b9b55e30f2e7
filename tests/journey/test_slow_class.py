"""A live class with slides in a real browser: shown, drawn on, and followed on a connection of 20 kbit/s and 600 ms."""

import time
import uuid
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Browser, CDPSession, Page, expect

from accounts.models import User
from live.models import Event, LiveSession, PollVote, SlideDeck
from live.services.chat import send_message
from live.services.decks import render_deck, upload_slides
from live.services.polls import PollDraft, ask_poll
from live.services.stage import show_slide
from lms.demo.slides import ACCENT, INK, PAPER, SCREEN, SIGNAL, WHITE, box, write
from tests.browser_pages import DESK, PHONE, entered, keep
from tests.factories.live import OpenLiveSessionFactory
from tests.journey.weight import Weight
from tests.live.conftest import enrolled, instructor_of
from tests.served_site import ON_SITE, ON_SLOW_LINE
from tests.waiting import time_passes, wait_until
from typesetting import SANS_BOLD, SANS_MEDIUM, Document, Style

pytestmark = [
    pytest.mark.browser("slides as browsers draw and load them"),
    pytest.mark.django_db(transaction=True),
]

# 20 kbit/s in bytes a second, and the delay of a request in ms.
LINE = {"latency": 600, "downloadThroughput": 2_500, "uploadThroughput": 2_500, "offline": False}
DEAD_SLOW = {**LINE, "downloadThroughput": 200}
LESSON = {
    "السلامة قبل العمل": (
        "افصل القاطع الرئيسي أولًا",
        "اختبر غياب الجهد بالمفك",
        "ضع لافتة: لا تشغّل",
        "البس القفاز العازل",
    ),
    "أطراف اللوحة": ("الخط الأسود: الطور", "الخط الأزرق: المحايد", "الأخضر والأصفر: الأرضي"),
    "ترتيب التوصيل": ("الأرضي أولًا", "ثم المحايد", "ثم الطور", "شد البراغي وأعد شدها"),
    "الاختبار الأخير": ("قس المقاومة بين الطور والأرضي", "شغّل القاطع", "اضغط زر الاختبار"),
}


def lesson() -> SimpleUploadedFile:
    """Slides as instructors make them: a heading, some lines, in Arabic, with a text layer."""
    document = Document(title="Mihna")
    for title, lines in LESSON.items():
        page = document.new_page(SCREEN)
        box(page, 0, 0, *SCREEN, PAPER)
        box(page, 0, 560, 1280, 160, ACCENT)
        box(page, 0, 548, 1280, 12, SIGNAL)
        write(page, title, Style(SANS_BOLD, 62, WHITE), (80, 690), (1120, 120))
        for number, line in enumerate(lines):
            write(page, line, Style(SANS_MEDIUM, 40, INK), (90, 500 - 92 * number), (1050, 80))
    return SimpleUploadedFile("الدرس الأول.pdf", document.finish())


class Room:
    """A class that is on, its instructor and a trainee."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser = browser
        self.site = site
        self.session: LiveSession = OpenLiveSessionFactory()
        self.instructor: User = instructor_of(self.session)
        self.trainee: User = enrolled(self.session)

    def page_of(self, user: User, size: dict[str, int], *, is_touch: bool = False) -> Page:
        scale = 2 if is_touch else 1
        context = entered(
            self.browser,
            self.site,
            user,
            locale="ar-EG",
            viewport=size,
            device_scale_factor=scale,
            has_touch=is_touch,
        )
        return context.new_page()

    def enter(self, page: Page) -> None:
        page.goto(f"{self.site}/ar/live/{self.session.class_session.public_id}/", timeout=120_000)
        page.wait_for_selector("[data-write]:not([hidden])", timeout=120_000)

    def deck(self) -> SlideDeck:
        deck = upload_slides(session_id=self.session.pk, files=[lesson()], by=self.instructor)
        render_deck(deck_id=deck.pk)
        return deck

    def show(self, deck: SlideDeck, page: int) -> None:
        show_slide(session_id=self.session.pk, by=self.instructor, deck=deck.public_id, page=page)

    def say(self, text: str) -> None:
        send_message(session_id=self.session.pk, by=self.instructor, text=text, client_id=uuid.uuid4())


def seconds(does: Callable[[], object]) -> float:
    started = time.monotonic()
    does()
    return round(time.monotonic() - started, 1)


def sheet(page: Page, shows: str, *, at: str | None = None, within: float = 30) -> None:
    """Wait until the stage shows a picture, a text or a board (at the place `at`)."""
    expect(page.locator("[data-sheet]")).to_have_attribute("data-shows", shows, timeout=within * 1000)
    if at:
        expect(page.locator("[data-place]")).to_contain_text(at, timeout=within * 1000)


@ON_SITE
def test_slides_are_uploaded_shown_and_drawn_on(browser: Browser, site: str):
    room = Room(browser, site)
    desk = room.page_of(room.instructor, DESK)
    phone = room.page_of(room.trainee, PHONE, is_touch=True)
    room.enter(desk)
    room.enter(phone)
    expect(phone.locator("[data-stage]")).to_be_hidden()
    upload(desk, room)
    desk.locator("[data-page='1']").click()
    sheet(phone, "picture", at="١ من ٤")
    keep(phone, "live-slide-phone-ar", full_page=True)
    # The reading order: the next slide is to the left. The test does not wait for the connection.
    desk.locator("body").press("ArrowLeft")
    desk.locator("body").press("ArrowLeft")
    expect(phone.locator("[data-place]")).to_contain_text("٣ من ٤")
    desk.locator("body").press("ArrowRight")
    expect(phone.locator("[data-place]")).to_contain_text("٢ من ٤")
    expect(phone.locator("[data-stage-says]")).to_contain_text("أطراف اللوحة")
    point_and_draw(desk, phone)
    describe(desk, phone)
    desk.locator("[data-do='board.show']").click()
    sheet(phone, "board")
    desk.locator("[data-do='stage.clear']").click()
    expect(phone.locator("[data-stage]")).to_be_hidden()


def upload(desk: Page, room: Room) -> None:
    desk.locator("[data-tab=decks]").click()
    file = lesson()
    wrong = {"name": "lesson.pdf", "mimeType": "application/pdf", "buffer": b"not a document"}
    desk.set_input_files("#deck-files", wrong)
    desk.locator("[data-deck-form] [type=submit]").click()
    expect(desk.locator("[data-deck-error]")).to_contain_text("PDF")
    desk.set_input_files(
        "#deck-files", {"name": file.name, "mimeType": "application/pdf", "buffer": file.read()}
    )
    desk.locator("[data-deck-form] [type=submit]").click()
    wait_until(lambda: SlideDeck.objects.filter(session=room.session).exists())
    expect(desk.locator("[data-deck-state]")).to_be_visible()
    render_deck(deck_id=SlideDeck.objects.get(session=room.session).pk)
    expect(desk.locator("[data-page]")).to_have_count(4)


def has_ink(page: Page) -> bool:
    return page.evaluate(
        """(() => {
          const canvas = document.querySelector("[data-ink]");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return data.some((byte, index) => index % 4 === 3 && byte > 0);
        })()"""
    )


def point_and_draw(desk: Page, phone: Page) -> None:
    box_ = desk.locator("[data-sheet]").bounding_box()
    assert box_
    desk.mouse.move(box_["x"] + box_["width"] / 2, box_["y"] + box_["height"] / 2)
    expect(phone.locator("[data-pointer]")).to_be_visible()
    assert not has_ink(phone)
    desk.locator("[data-tool='2']").click()
    desk.mouse.move(box_["x"] + 100, box_["y"] + 100)
    desk.mouse.down()
    for step in range(1, 30):
        desk.mouse.move(box_["x"] + 100 + 12 * step, box_["y"] + 100 + (step % 7) * 20)
    desk.mouse.up()
    wait_until(lambda: has_ink(phone))
    expect(phone.locator("[data-stage-says]")).to_contain_text("يرسم")
    keep(phone, "live-drawing-phone-ar", full_page=True)
    keep(desk, "live-slides-desk-ar", full_page=True)
    phone.reload()
    phone.wait_for_selector("[data-write]:not([hidden])")
    sheet(phone, "picture")
    wait_until(lambda: has_ink(phone))
    desk.locator("[data-board='board.undo']").click()
    wait_until(lambda: not has_ink(phone))


def describe(desk: Page, phone: Page) -> None:
    desk.fill("[data-describe-text]", "لوحة بثلاثة أطراف: طور ومحايد وأرضي")
    desk.locator("[data-describe] [type=submit]").click()
    expect(phone.locator("[data-slide-text]")).to_have_text("لوحة بثلاثة أطراف: طور ومحايد وأرضي")


@ON_SLOW_LINE
@pytest.mark.browser("three minutes at 20 kbit/s", nightly=True)
def test_a_trainee_follows_slides_and_messages_at_20_kbit(browser: Browser, site: str):
    room = Room(browser, site)
    deck = room.deck()
    room.show(deck, 1)
    phone = room.page_of(room.trainee, PHONE, is_touch=True)
    devtools = phone.context.new_cdp_session(phone)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", LINE)
    weight = Weight.of(phone)
    room.enter(phone)
    sheet(phone, "picture", at="١ من ٤")
    slides = [follow(room, phone, deck, page) for page in (2, 4, 3)]
    pictures = [
        size
        for key, (_, size) in weight.requests.items()
        if "/media/s/" in weight.kinds.get(key, ("", ""))[1]
    ]
    own_message = seconds(lambda: write_a_message(phone))
    poll = take_part_in_a_poll(room, phone)
    keep(phone, "live-slow-phone-ar", full_page=True)
    text_only(room, phone, deck)
    fall_and_come_back(room, phone, deck, devtools)

    assert all(slide["message"] <= 6 and slide["text"] <= 6 and slide["picture"] <= 12 for slide in slides)
    assert own_message <= 6
    assert max(poll.values()) <= 6
    assert max(pictures) <= 15_000


def follow(room: Room, phone: Page, deck: SlideDeck, page: int) -> dict[str, float]:
    """A slide is shown and spoken of: how long until its text is there, its picture, and what was written about it."""
    place = f"{'٠١٢٣٤'[page]} من ٤"
    title = list(LESSON)[page - 1]
    started = time.monotonic()
    room.show(deck, page)
    expect(phone.locator("[data-place]")).to_contain_text(place)
    expect(phone.locator("[data-slide-text]")).to_contain_text(title)
    text = time.monotonic() - started
    sheet(phone, "picture")
    picture = time.monotonic() - started
    message = seconds(lambda: hear(room, phone, f"انظروا إلى الشريحة {page}"))
    time_passes(4, "while a slide is discussed, the slow connection preloads the next ones", phone)
    return {"text": round(text, 1), "picture": round(picture, 1), "message": message}


def hear(room: Room, phone: Page, text: str) -> None:
    room.say(text)
    expect(phone.locator("[data-chat]")).to_contain_text(text)


def write_a_message(phone: Page) -> None:
    phone.fill("[data-text]", "هل نبدأ بالأرضي؟")
    phone.locator("[data-write] button[type=submit]").click()
    wait_until(lambda: Event.objects.filter(payload__text="هل نبدأ بالأرضي؟").exists())


def take_part_in_a_poll(room: Room, phone: Page) -> dict[str, float]:
    """How long until a question is there, and until the vote is the server's."""
    draft = PollDraft(question="أي طرف نوصله أولًا؟", options=("الطور", "المحايد", "الأرضي"))
    phone.locator("[data-tab=polls]").click()
    ask_poll(session_id=room.session.pk, by=room.instructor, draft=draft)
    asked = seconds(lambda: expect(phone.locator("[data-polls]")).to_contain_text(draft.question))
    phone.get_by_label("الأرضي").check()
    phone.locator("[data-polls] [data-poll-submit]").click()
    voted = seconds(lambda: wait_until(PollVote.objects.exists))
    phone.locator("[data-tab=talk]").click()
    return {"asked": asked, "voted": voted}


def text_only(room: Room, phone: Page, deck: SlideDeck) -> None:
    """By choice, remembered: no picture is fetched any more, the text is there instead."""
    phone.locator("[data-ways]").select_option("text")
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    room.show(deck, 1)
    sheet(phone, "text", at="١ من ٤")
    expect(phone.locator("[data-slide-text]")).to_be_visible()
    time_passes(1, "no picture is asked for", phone)
    keep(phone, "live-text-only-phone-ar", full_page=True)
    assert [address for address in asked if "/media/s/" in address] == []
    room.enter(phone)
    sheet(phone, "text", at="١ من ٤")
    phone.locator("[data-ways]").select_option("auto")
    sheet(phone, "picture")


def fall_and_come_back(room: Room, phone: Page, deck: SlideDeck, devtools: CDPSession) -> None:
    """A picture that does not come in time gives way to the text, and takes its place again when it has come."""
    room.show(deck, 4)
    sheet(phone, "picture", at="٤ من ٤")
    # The deck must not be in the browser's cache.
    devtools.send("Network.clearBrowserCache")
    room.enter(phone)
    sheet(phone, "picture", at="٤ من ٤")
    devtools.send("Network.emulateNetworkConditions", DEAD_SLOW)
    room.show(deck, 2)
    expect(phone.locator("[data-place]")).to_contain_text("٢ من ٤", timeout=60_000)
    expect(phone.locator("[data-stage-note]")).to_be_visible()
    expect(phone.locator("[data-slide-text]")).to_contain_text("أطراف اللوحة")
    keep(phone, "live-fallen-phone-ar", full_page=True)
    devtools.send("Network.emulateNetworkConditions", LINE)
    sheet(phone, "picture", within=60)
    expect(phone.locator("[data-stage-note]")).to_be_hidden()
