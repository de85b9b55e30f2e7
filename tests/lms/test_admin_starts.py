"""Pages of the workplace hold no script of their own, so that the policy can refuse injected ones."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput, AdminTimeInput, BaseChooser

from accounts.models import User
from lms.admin_starts import CALL
from tests.factories.courses import CohortFactory, LessonPageFactory

# Those that run: data and templates of forms do not.
SCRIPT = re.compile(
    r"<script(?![^>]*\b(?:src=|type=\"(?:application/json|text/django-form-template)\"))[^>]*>"
)


@pytest.fixture
def staff(client: Client, superuser: User) -> Client:
    client.force_login(superuser)
    return client


def pages() -> list[str]:
    return [
        reverse("wagtailadmin_pages:edit", args=[LessonPageFactory().pk]),
        reverse("wagtailadmin_workflows:add"),
        reverse("wagtailadmin_reports:site_history"),
        reverse("wagtailimages:add_multiple"),
        reverse("enrollment:add"),
    ]


def test_no_page_of_the_workplace_holds_a_script(staff: Client):
    CohortFactory()

    for address in pages():
        page = staff.get(address)
        assert page.status_code == 200
        assert SCRIPT.findall(page.text) == [], address
        assert "data-starts" in page.text or "multiple" in address, address


def test_the_policy_of_the_workplace_runs_files_of_the_site_only(staff: Client):
    policy = staff.get(reverse("wagtailadmin_home"))["Content-Security-Policy"]

    assert "script-src 'self';" in f"{policy};"
    assert "style-src-attr 'none';" in f"{policy};"


@pytest.mark.parametrize("widget", [AdminDateInput, AdminTimeInput, AdminDateTimeInput])
def test_a_picker_is_started_by_data_attributes(widget: type):
    drawn = widget().render("day", None, {"id": "id_day"})

    assert f'data-starts="init{widget.__name__[5:-5]}Chooser"' in drawn
    assert "<script" not in drawn


class Cutting(BaseChooser):
    chooser_modal_url_name = "wagtailadmin_choose_page"
    model = User

    def get_js_init_options(self, *_: object) -> dict:
        return {"words": "\"'</template><script>"}


def test_what_a_chooser_starts_with_stays_in_its_place(db: None):
    drawn = Cutting().render("user", None, {"id": "id_user"})

    assert "<script" not in drawn
    assert escape('["id_user", {"words": ') in drawn


class Own(BaseChooser):
    chooser_modal_url_name = "wagtailadmin_choose_page"
    model = User

    def render_js_init(self, *_: object) -> str:
        return "const one = 1; start(one)"


def test_a_chooser_that_starts_in_another_way_is_named(db: None):
    with pytest.raises(ValueError, match="Own starts by more than one call"):
        Own().render("user", None, {"id": "id_user"})


def test_what_wagtail_writes_is_one_call():
    found = CALL.fullmatch('new PageChooser("id_page", {"modalUrl": "/admin/"});')

    assert found
    assert found.groups() == ("new PageChooser", '"id_page", {"modalUrl": "/admin/"}')
