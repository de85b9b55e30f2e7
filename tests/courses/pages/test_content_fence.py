"""Pages, pictures and documents belong to the ministry or to one center; staff of other centers cannot reach them."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, Page, Site
from wagtail.permissions import policy_registry

from accounts.enums import MembershipScope, RoleName
from accounts.models import Center, User
from accounts.services.content import AssignedAround, AssigningNotYours, assign_content, open_library
from courses.models import CoursePage, LessonPage
from courses.services.content import freeze_content
from tests.factories.accounts import CenterFactory, MembershipFactory, staff_member
from tests.factories.courses import CohortFactory, CoursePageFactory, LessonPageFactory, ProgramPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(course: CoursePage) -> LessonPage:
    page: LessonPage = LessonPageFactory(parent=course)
    page.save_revision()
    return page


def pages_of_one_page(page: Page) -> Iterator[str]:
    for name in (
        "edit",
        "view_draft",
        "preview_on_edit",
        "history",
        "workflow_history",
        "usage",
        "copy",
        "move",
        "delete",
        "unpublish",
        "lock",
        "unlock",
        "set_privacy",
        "convert_alias",
    ):
        yield reverse(f"wagtailadmin_pages:{name}", args=[page.pk])
    revision = page.latest_revision_id
    yield reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, revision])
    yield reverse("wagtailadmin_pages:revisions_view", args=[page.pk, revision])
    yield reverse("wagtailadmin_pages:revisions_unschedule", args=[page.pk, revision])
    yield reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, "earliest", "latest"])
    yield reverse("content_offline", args=[page.pk])


def what_is_there(page: Page) -> list[object]:
    page.refresh_from_db()
    return [page.live, page.title, page.latest_revision_id, page.locked, page.path, Page.objects.count()]


@pytest.mark.parametrize("role", [RoleName.CENTER_MANAGER, RoleName.INSTRUCTOR])
def test_staff_of_another_center_open_nothing_of_a_page_and_change_nothing(
    client: Client, lesson: LessonPage, other_center: Center, role: RoleName
):
    client.force_login(staff_member(role, other_center))
    before = what_is_there(lesson)

    opened = {
        address: status
        for address in pages_of_one_page(lesson)
        for status in (client.get(address).status_code, client.post(address, {"reason": "x"}).status_code)
        if status == 200
    }

    assert opened == {}
    assert what_is_there(lesson) == before


@pytest.mark.parametrize("steps_up", [1, 2], ids=["program", "catalog"])
@pytest.mark.parametrize("role", [RoleName.CENTER_MANAGER, RoleName.INSTRUCTOR])
def test_staff_of_a_center_change_nothing_of_the_ministry(
    client: Client, center: Center, course: CoursePage, role: RoleName, steps_up: int
):
    page = course.get_ancestors().order_by("-depth")[steps_up - 1].specific
    page.save_revision()
    client.force_login(staff_member(role, center))
    before = what_is_there(page)

    opened = [
        address
        for address in pages_of_one_page(page)
        for status in (client.get(address).status_code, client.post(address, {"reason": "x"}).status_code)
        if status == 200
    ]

    assert opened == []
    assert what_is_there(page) == before


def test_the_own_pages_open(client: Client, lesson: LessonPage, center: Center):
    client.force_login(staff_member(RoleName.INSTRUCTOR, center))

    assert client.get(reverse("wagtailadmin_pages:edit", args=[lesson.pk])).status_code == 200
    assert client.get(reverse("wagtailadmin_pages:history", args=[lesson.pk])).status_code == 200


def test_a_governorate_reaches_the_pages_of_its_centers(lesson: LessonPage, center: Center):
    place = {"scope": MembershipScope.GOVERNORATE, "governorate": center.governorate}
    author = MembershipFactory(role=RoleName.INSTRUCTOR, center=None, **place).user

    assert lesson.permissions_for_user(author).can_edit()


def test_every_translation_goes_with_the_page(lesson: LessonPage, course: CoursePage, center: Center):
    english = Locale.objects.get_or_create(language_code="en")[0]
    for page in (course.get_parent().get_parent(), course.get_parent(), course):
        page.specific.copy_for_translation(english)
    author = staff_member(RoleName.INSTRUCTOR, center)

    translation = course.get_translation(english)

    assert translation.permissions_for_user(author).can_edit()
    assert not translation.get_parent().specific.permissions_for_user(author).can_edit()


@pytest.fixture
def foreign(course: CoursePage, other_center: Center, ministry: User) -> CoursePage:
    page: CoursePage = CoursePageFactory(parent=course.get_parent(), title="سر المركز الآخر", live=False)
    assign_content(page_id=page.pk, center=other_center, by=ministry)
    return page


def that_show(page: Page, addresses: list[str], client: Client) -> set[str]:
    return {
        address
        for address in addresses
        if page.title in client.get(address).content.decode("utf-8", "replace")
    }


def test_the_explorer_the_search_and_the_inner_api_show_own_pages_only(
    manager_client: Client, course: CoursePage, foreign: CoursePage
):
    program = course.get_parent()
    addresses = [
        reverse("wagtailadmin_explore", args=[program.pk]),
        reverse("wagtailadmin_explore_results", args=[program.pk]),
        reverse("wagtailadmin_pages:search") + "?q=المركز",
        reverse("wagtailadmin_api:pages:listing") + f"?child_of={program.pk}",
        reverse("wagtailadmin_choose_page_child", args=[program.pk]),
        reverse("wagtailadmin_choose_page_search") + "?q=المركز",
    ]

    assert that_show(foreign, addresses, manager_client) == set()


def test_the_reports_and_the_home_page_show_own_pages_only(manager_client: Client, foreign: CoursePage):
    addresses = [
        reverse("wagtailadmin_reports:site_history"),
        reverse("wagtailadmin_reports:aging_pages"),
        reverse("wagtailadmin_reports:workflow"),
        reverse("wagtailadmin_reports:locked_pages"),
        reverse("wagtailadmin_home"),
    ]

    assert that_show(foreign, addresses, manager_client) == set()


def test_the_explorer_of_a_foreign_page_does_not_open(
    client: Client,
    course: CoursePage,
    lesson: LessonPage,
    other_center: Center,
    ministry: User,
    center: Center,
):
    # Pages of two centers have the catalog above them in common.
    own = CoursePageFactory(parent=course.get_parent())
    assign_content(page_id=own.pk, center=other_center, by=ministry)
    client.force_login(staff_member(RoleName.CENTER_MANAGER, other_center))

    assert client.get(reverse("wagtailadmin_explore", args=[own.pk])).status_code == 200
    for foreign in (course, lesson):
        assert client.get(reverse("wagtailadmin_explore", args=[foreign.pk])).status_code == 404


def test_bulk_actions_leave_foreign_pages_alone(client: Client, lesson: LessonPage, other_center: Center):
    client.force_login(staff_member(RoleName.CENTER_MANAGER, other_center))
    before = what_is_there(lesson)

    for action in ("delete", "move", "publish", "unpublish"):
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        client.post(f"{address}?id={lesson.pk}", {"include_descendants": "on"})

    assert what_is_there(lesson) == before


def test_a_center_assigns_no_pages(client: Client, course: CoursePage, other_center: Center):
    manager = staff_member(RoleName.CENTER_MANAGER, other_center)
    client.force_login(manager)

    assert client.get(reverse("content_owner", args=[course.pk])).status_code == 404
    with pytest.raises(AssigningNotYours):
        assign_content(page_id=course.pk, center=other_center, by=manager)


def test_the_ministry_assigns_a_course_on_its_page(client: Client, ministry: User, other_center: Center):
    course = CoursePageFactory()
    client.force_login(ministry)
    address = reverse("content_owner", args=[course.pk])

    assert client.get(address).status_code == 200
    client.post(address, {"center": other_center.pk})

    assert course.permissions_for_user(staff_member(RoleName.INSTRUCTOR, other_center)).can_edit()


def test_one_center_writes_a_page_and_everything_under_it(
    course: CoursePage, other_center: Center, ministry: User
):
    with pytest.raises(AssignedAround):
        assign_content(page_id=course.get_parent().pk, center=other_center, by=ministry)


def test_a_page_of_one_center_is_not_moved_under_a_page_of_another(
    client: Client, course: CoursePage, other_center: Center, ministry: User
):
    elsewhere = ProgramPageFactory(parent=course.get_parent().get_parent())
    assign_content(page_id=elsewhere.pk, center=other_center, by=ministry)
    client.force_login(ministry)

    client.post(reverse("wagtailadmin_pages:move_confirm", args=[course.pk, elsewhere.pk]))

    course.refresh_from_db()
    assert not course.is_descendant_of(elsewhere)


def test_the_front_page_cannot_be_deleted(course: CoursePage, ministry: User, superuser: User):
    catalog = course.get_parent().get_parent().specific
    Site.objects.update(root_page=catalog)

    assert not catalog.permissions_for_user(ministry).can_delete()
    assert not catalog.permissions_for_user(superuser).can_delete()


def test_staff_of_a_center_whose_cohort_learns_from_a_lesson_read_it_on_the_site(
    client: Client, lesson: LessonPage, ministry: User, other_center: Center
):
    program = lesson.get_parent().get_parent().specific
    teacher = staff_member(RoleName.INSTRUCTOR, other_center)
    client.force_login(teacher)
    Site.objects.update(root_page=program.get_parent())
    assert client.get(lesson.get_url()).status_code == 302

    version = freeze_content(program_id=program.pk, by=ministry)
    CohortFactory(program=program, center=other_center, content_version=version)

    assert client.get(lesson.get_url()).status_code == 200


# Pictures and documents


def picture(collection: object, by: User | None = None):
    return get_image_model().objects.create(
        title="لوحة", file=get_test_image_file(), collection=collection, uploaded_by_user=by
    )


def test_a_center_chooses_from_its_own_library_and_the_ministrys(
    center: Center, other_center: Center, course: CoursePage
):
    author = staff_member(RoleName.INSTRUCTOR, center)
    policy = policy_registry.get_by_type(get_image_model())
    own, foreign = picture(open_library(center=center)), picture(open_library(center=other_center))
    shared = picture(open_library(center=center).get_parent())

    chosen = policy.instances_user_has_any_permission_for(author, ["choose"])

    assert set(chosen) == {own, shared}
    assert policy.user_has_permission_for_instance(author, "choose", shared)
    assert not policy.user_has_permission_for_instance(author, "choose", foreign)


def test_a_center_adds_to_its_own_library_only(center: Center, other_center: Center):
    author = staff_member(RoleName.INSTRUCTOR, center)
    own = open_library(center=center)
    open_library(center=other_center)
    policy = policy_registry.get_by_type(get_document_model())

    assert list(policy.collections_user_has_permission_for(author, "add")) == [own]


@pytest.mark.parametrize("kind", ["wagtailimages", "wagtaildocs"])
def test_pictures_and_documents_of_another_center_do_not_open(
    client: Client, center: Center, other_center: Center, kind: str
):
    author = staff_member(RoleName.CENTER_MANAGER, center)
    open_library(center=center)
    model = get_image_model() if kind == "wagtailimages" else get_document_model()
    foreign = model.objects.create(
        title="سر", file=get_test_image_file(), collection=open_library(center=other_center)
    )
    client.force_login(author)

    for name in ("edit", "delete"):
        address = reverse(f"{kind}:{name}", args=[foreign.pk])
        assert client.get(address).status_code in {302, 403, 404}
        assert client.post(address, {"title": "mine"}).status_code in {302, 403, 404}
    for name in ("index", "index_results"):
        assert "سر" not in client.get(reverse(f"{kind}:{name}")).content.decode()
    chooser = "wagtailimages_chooser:choose" if kind == "wagtailimages" else "wagtaildocs_chooser:choose"
    assert "سر" not in client.get(reverse(chooser)).content.decode()
    foreign.refresh_from_db()
    assert foreign.title == "سر"


def test_what_a_center_uploads_lies_in_its_library(client: Client, center: Center):
    author = staff_member(RoleName.INSTRUCTOR, center)
    library = open_library(center=center)
    CenterFactory()
    client.force_login(author)

    file = SimpleUploadedFile("board.png", get_test_image_file().file.getvalue(), "image/png")
    client.post(reverse("wagtailimages:add"), {"title": "لوحة", "file": file})

    assert get_image_model().objects.get().collection == library


def test_the_explorer_asks_the_database_as_often_for_three_pages_as_for_one(
    client: Client, course: CoursePage, center: Center
):
    client.force_login(staff_member(RoleName.CENTER_MANAGER, center))
    address = reverse("wagtailadmin_explore", args=[course.pk])

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    LessonPageFactory(parent=course)
    questions()
    with_one = questions()
    LessonPageFactory(parent=course)
    LessonPageFactory(parent=course)

    assert questions() == with_one


@pytest.mark.parametrize("kind", ["wagtailimages", "wagtaildocs"])
def test_authors_of_a_center_without_content_are_turned_away_where_pictures_are_added(
    client: Client, center: Center, kind: str
):
    client.force_login(staff_member(RoleName.INSTRUCTOR, center))

    answer = client.get(reverse(f"{kind}:add"))

    assert (answer.status_code, answer.url) == (302, reverse("wagtailadmin_home"))


def test_an_author_who_adds_a_lesson_comes_to_the_course_of_the_center(
    client: Client, center: Center, lesson: LessonPage
):
    client.force_login(staff_member(RoleName.INSTRUCTOR, center))

    answer = client.get(reverse("wagtailadmin_pages:choose_parent", args=["courses", "lessonpage"]))

    course = lesson.get_parent()
    assert answer.url == reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", course.pk])


@pytest.mark.parametrize(
    "name",
    ["wagtailimages_chooser:choose", "wagtaildocs_chooser:choose", "wagtailadmin_workflows:task_chooser"],
)
def test_wagtails_choosers_are_closed_to_staff_who_write_nothing(client: Client, center: Center, name: str):
    client.force_login(staff_member(RoleName.ASSESSOR, center))

    assert client.get(reverse(name)).status_code == 404


def test_confirmation_pages_do_not_disclose_titles_of_drafts_of_other_centers(
    client: Client, lesson: LessonPage, other_center: Center
):
    client.force_login(staff_member(RoleName.CENTER_MANAGER, other_center))
    parent = lesson.get_parent()

    moving = client.get(reverse("wagtailadmin_pages:move_confirm", args=[lesson.pk, parent.pk]))
    canceling = client.get(reverse("wagtailadmin_pages:confirm_workflow_cancellation", args=[lesson.pk]))

    assert (moving.status_code, canceling.status_code) == (404, 404)
