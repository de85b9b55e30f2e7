"""Groups in real browsers: an instructor on a desktop, two trainees on phones in different groups."""

import pytest
from playwright.sync_api import expect

from tests.live.chat.test_chat_browser import DESK, IN_ROOM, PHONE, bundles, look, room_of, violations
from tests.live.conftest import enrolled
from tests.live.groups.grouping import listed

pytestmark = [
    pytest.mark.browser("three browsers in a room"),
    IN_ROOM,
    pytest.mark.django_db(transaction=True),
]

__all__ = ["bundles"]


def write(page, text: str) -> None:
    page.locator("#group-text").fill(text)
    page.locator("#group-text").press("Enter")


def test_an_instructor_prepares_opens_visits_and_closes_groups(browser, server, session, instructor):
    amal = enrolled(session, person__full_name_ar="أمل سعيد")
    badr = enrolled(session, person__full_name_ar="بدر حسن")
    with (
        room_of(browser, server, session, instructor, DESK) as desk,
        room_of(browser, server, session, amal, PHONE) as phone,
        room_of(browser, server, session, badr, PHONE) as other,
    ):
        expect(phone.locator("#tab-groups")).to_be_hidden()
        desk.locator("#tab-groups").click()
        desk.locator("#group-count").fill("2")
        desk.locator("#group-division").select_option("order")
        desk.locator("#group-name").fill("قياس ولحام")
        desk.locator("[data-group-prepare] [type=submit]").click()
        expect(desk.locator("[data-group-list] option")).to_have_text(["قياس ولحام"])
        desk.locator("[data-group-people-box] summary").click()
        expect(desk.locator("[data-group-people] .people__one")).to_have_count(2)
        look(desk, "desk-groups-list")

        desk.locator("#group-minutes").select_option("5")
        desk.locator("[data-group-open]").click()
        expect(phone.locator("[data-group-title]")).to_have_text("الفريق ١")
        expect(other.locator("[data-group-title]")).to_have_text("الفريق ٢")
        expect(phone.locator("[data-group-members]")).to_contain_text("أمل سعيد")
        write(phone, "نقيس الجهد أولا")
        write(other, "نحن نلحم")
        expect(phone.locator("[data-group-chat] .chat-line--own")).to_contain_text("نقيس الجهد")
        phone.locator("[data-group-call]").click()
        expect(phone.locator("[data-group-call]")).to_be_disabled()
        expect(desk.locator("[data-group-number='1'] [data-calls]")).to_be_visible()
        expect(desk.locator("[data-group-number='2'] [data-unseen]")).to_have_text("١")
        desk.locator("[data-group-number='1']").click()
        expect(desk.locator("[data-group-chat]")).to_contain_text("نقيس الجهد")
        write(desk, "أحسنتم، تابعوا")
        expect(phone.locator("[data-group-chat]")).to_contain_text("تابعوا")
        desk.locator("#group-announce").fill("بقيت دقيقتان")
        desk.locator("[data-group-announce] [type=submit]").click()
        for page in (phone, other):
            expect(page.locator("[data-group-chat]")).to_contain_text("بقيت دقيقتان")
        look(phone, "phone-group")
        look(desk, "desk-groups")
        assert violations(desk) == []
        assert violations(phone) == []
        assert "نقيس الجهد" not in other.content()
        assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]

        # A reload keeps the group and what was said in it; a person who is moved finds the new one.
        phone.reload()
        expect(phone.locator("#tab-groups")).to_have_js_property("hidden", False)
        open_part(phone, "groups")
        expect(phone.locator("[data-group-chat]")).to_contain_text("نقيس الجهد")
        person = desk.locator("[data-group-people] .people__one", has_text="أمل سعيد")
        person.locator("select").select_option("2")
        expect(phone.locator("[data-group-title]")).to_have_text("الفريق ٢")
        expect(other.locator("[data-group-members]")).to_contain_text("أمل سعيد")
        assert "نحن نلحم" not in phone.content()

        desk.locator("[data-do='group.close']").click()
        expect(phone.locator("#tab-talk")).to_have_attribute("aria-selected", "true")
        open_part(phone, "groups")
        expect(phone.locator("[data-group-write]")).to_be_hidden()
        expect(desk.locator("[data-group-open]")).to_be_visible()


def open_part(page, name: str) -> None:
    """By its tab, which is in the row or, where it does not fit, in the list: a count that comes in may change that."""
    tab, listed = page.locator(f"#tab-{name}"), page.locator(f"[data-more-parts]:has([value={name}])")
    expect(tab.or_(listed).filter(visible=True)).to_have_count(1)
    tab.dispatch_event("click")


@pytest.mark.browser("the same parts on another screen", nightly=True)
def test_the_tabs_on_an_instructors_phone_are_in_one_row_and_a_list(browser, server, session, instructor):
    enrolled(session)
    with room_of(browser, server, session, instructor, PHONE) as phone:
        expect(phone.locator("#room-text")).to_be_enabled()
        row = "document.querySelector('[data-tabs]')"
        assert phone.evaluate(f"{row}.scrollWidth <= {row}.clientWidth")
        expect(phone.locator("#tab-people")).to_be_hidden()
        phone.locator("[data-more-parts]").select_option("people")
        expect(phone.locator("[data-roster] .people__one")).to_have_count(2)
        expect(phone.locator("[data-more-parts]")).to_have_value("people")
        look(phone, "phone-parts")
        assert violations(phone) == []

        phone.set_viewport_size({"width": 1280, "height": 800})
        expect(phone.locator("#tab-people")).to_be_visible()
        expect(phone.locator("[data-more-parts]")).to_be_hidden()
        phone.locator("#tab-people").press("ArrowLeft")
        expect(phone.locator("#tab-staff")).to_be_focused()


@pytest.mark.browser("the same groups on another screen", nightly=True)
def test_an_instructors_phone_opens_groups_too(browser, server, session, instructor):
    people = [enrolled(session) for _ in range(6)]
    listed(session, instructor, people[:3], people[3:])
    with room_of(browser, server, session, instructor, PHONE) as phone:
        expect(phone.locator("#room-text")).to_be_enabled()
        open_part(phone, "groups")
        expect(phone.locator("[data-group-open]")).to_be_visible()
        look(phone, "phone-desk-list")
        phone.locator("[data-group-open]").click()
        expect(phone.locator("[data-group-number='2']")).to_be_visible()
        look(phone, "phone-desk")
        assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert violations(phone) == []
