"""Saved views of lists and chosen columns: kept for their owner, and worth nothing that their reader may not do anyway."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.enums import RoleName
from accounts.models import Center, Membership, SavedView, User
from accounts.models.saved_views import MOST_VIEWS
from accounts.services.saved_views import (
    MayNotShare,
    NoSuchView,
    TooManyViews,
    ViewNamedSo,
    ViewWithoutName,
    delete_view,
    open_with_view,
    rename_view,
    save_view,
    share_view,
    stop_sharing,
)
from courses.enums import EnrollmentState
from courses.models import Enrollment
from tests.factories.accounts import CenterFactory, MembershipFactory, staff_member
from tests.factories.courses import CohortFactory, EnrollmentFactory

pytestmark = pytest.mark.django_db

LIST = "enrollment:index"


@pytest.fixture
def center() -> Center:
    return CenterFactory()


@pytest.fixture
def registrar(center: Center) -> User:
    return staff_member(RoleName.REGISTRAR, center)


@pytest.fixture
def client(client: Client, registrar: User) -> Client:
    client.force_login(registrar)
    return client


def enrollment_in(center: Center, **facts: Any) -> Enrollment:
    enrollment: Enrollment = EnrollmentFactory(cohort=CohortFactory(center=center), **facts)
    return enrollment


def page_of(address: str, list_name: str = LIST, asked: str = "") -> str:
    return f"{reverse(address)}?{urlencode({'of': reverse(list_name), 'asked': asked})}"


def save(client: Client, name: str, **asked: Any) -> SavedView:
    answer = client.post(page_of("list_views", asked=urlencode(asked)), {"name": name})
    assert answer.status_code == 302, answer.text
    return SavedView.objects.get(name=name)


def view_of(owner: User, **facts: Any) -> SavedView:
    return SavedView.objects.create(**{"owner": owner, "list_name": LIST, "name": "كما أريد", **facts})


def opened(client: Client, view: SavedView) -> Any:
    return client.get(reverse(LIST), {"saved": view.pk}, follow=True)


def said(answer: Any) -> str:
    """The last message of the page."""
    return str(list(answer.context["messages"])[-1])


def rows(answer: Any) -> list[Enrollment]:
    return list(answer.context["object_list"])


def test_what_the_open_view_has_already_is_not_offered_to_be_saved(client: Client, center: Center):
    cohort = CohortFactory(center=center)
    view = save(client, "مجموعتي", cohort=str(cohort.pk))

    pages = [opened(client, view), client.get(reverse(LIST), {"view": view.pk, "state": "active"})]

    assert ["حفظ هذا العرض" in page.text for page in pages] == [False, True]


def test_a_view_opens_with_the_filter_and_the_order_under_which_it_was_saved(client: Client, center: Center):
    cohort = CohortFactory(center=center)
    first, second = (EnrollmentFactory(cohort=cohort) for _ in range(2))
    enrollment_in(center)
    EnrollmentFactory(cohort=cohort, state=EnrollmentState.WITHDRAWN)

    view = save(client, "النشطون", cohort=cohort.pk, state="active", ordering="-enrolled_at", p=3, evil="x")
    answer = opened(client, view)

    assert view.parameters == {"cohort": [str(cohort.pk)], "state": ["active"], "ordering": ["-enrolled_at"]}
    assert rows(answer) == [second, first]
    assert "النشطون" in answer.text
    assert 'aria-current="page"' in answer.text


def test_views_are_their_owners(client: Client, center: Center):
    colleague = staff_member(RoleName.REGISTRAR, center)
    view = view_of(colleague, parameters={"state": ["active"]})

    answer = opened(client, view)
    posted = client.post(page_of("list_views"), {"act": "delete", "view": view.pk}, follow=True)

    assert answer.redirect_chain == [(f"{reverse(LIST)}?view=0", 302)]
    assert view.name not in answer.text
    assert view.name not in posted.text
    assert SavedView.objects.filter(pk=view.pk).exists()


def test_a_view_of_a_center_that_its_owner_left_says_what_is_left_out_and_shows_nothing_of_it(
    client: Client, registrar: User, center: Center
):
    left = enrollment_in(center)
    view = save(client, "الأولى", cohort=left.cohort_id, state="active")
    Membership.objects.filter(user=registrar).delete()
    there = MembershipFactory(user=registrar, role=RoleName.REGISTRAR, center=CenterFactory()).center
    own = enrollment_in(there)

    answer = opened(client, view)

    assert rows(answer) == [own]
    assert "المجموعة" in said(answer)
    assert left.cohort.code not in answer.text
    assert "cohort=" not in answer.redirect_chain[0][0]
    assert "state=active" in answer.redirect_chain[0][0]


@pytest.mark.parametrize(
    "stored",
    [
        ["state"],
        "state=active",
        {"state": "active"},
        {"state": ["gone"]},
        {"cohort": ["987654321"]},
        {"cohort": ["1; drop"], "no such": ["1"]},
        {"ordering": ["person__user__password"]},
        {"q": [{"a": 1}]},
    ],
)
def test_a_view_that_means_nothing_opens_with_a_sentence(
    client: Client, registrar: User, center: Center, stored: Any
):
    own, _foreign = enrollment_in(center), EnrollmentFactory()
    view = view_of(registrar, parameters=stored)

    answer = opened(client, view)

    assert rows(answer) == [own]
    assert view.name in said(answer)


# The database takes neither of them in JSON.
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["cohort", "state", "q", "ordering", "p", "export", "saved", "view", "x"])


@given(
    stored=JSON.filter(lambda stored: stored is not None) | st.dictionaries(NAMES, st.lists(TEXT, max_size=3))
)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_stored_a_list_opens_without_foreign_rows(
    client: Client, registrar: User, center: Center, stored: Any
):
    EnrollmentFactory()
    SavedView.objects.filter(owner=registrar).delete()
    view = view_of(registrar, parameters=stored)

    answer = opened(client, view)

    assert answer.status_code == 200
    assert all(row.cohort.center_id == center.pk for row in rows(answer))


def test_a_default_view_opens_with_the_list_and_all_rows_stay_one_link_away(
    client: Client, registrar: User, center: Center
):
    active = enrollment_in(center)
    gone = enrollment_in(center, state=EnrollmentState.WITHDRAWN)
    view = view_of(registrar, parameters={"state": ["active"]})

    client.post(page_of("list_views"), {"act": "open_with", "view": view.pk})
    plain = client.get(reverse(LIST), follow=True)
    every = client.get(reverse(LIST), {"view": "0"}, follow=True)
    other = client.get(reverse(LIST), {"state": "withdrawn"}, follow=True)
    client.post(page_of("list_views"), {"act": "open_plain", "view": view.pk})
    plain_again = client.get(reverse(LIST), follow=True)

    assert rows(plain) == [active]
    assert set(rows(every)) == {active, gone}
    assert rows(other) == [gone]
    assert set(rows(plain_again)) == {active, gone}


def test_names_are_said_once_and_so_many_views_are_kept(registrar: User):
    def named(name: str) -> SavedView:
        return save_view(list_name=LIST, name=name, parameters={}, columns=[], by=registrar)

    first = named(" أ  ب ")
    with pytest.raises(ViewNamedSo):
        named("أ ب")
    with pytest.raises(ViewWithoutName):
        rename_view(view_id=first.pk, name="  ", by=registrar)
    for number in range(MOST_VIEWS - 1):
        named(f"{number}")
    with pytest.raises(TooManyViews):
        named("واحد آخر")
    delete_view(view_id=first.pk, by=registrar)

    assert named("أ ب").name == "أ ب"


def test_of_two_defaults_the_later_one_counts(registrar: User):
    first, second = (view_of(registrar, name=name) for name in "أب")

    for view in (first, second):
        open_with_view(view_id=view.pk, is_default=True, by=registrar)

    assert list(SavedView.objects.filter(is_default=True)) == [second]


def test_who_manages_a_center_shares_a_view_there_and_another_manager_ends_it(
    client: Client, registrar: User, center: Center
):
    manager, second = (staff_member(RoleName.CENTER_MANAGER, center) for _ in range(2))
    stranger = staff_member(RoleName.CENTER_MANAGER, CenterFactory())
    own = enrollment_in(center)
    EnrollmentFactory()
    view = view_of(manager, parameters={"state": ["active"]})
    mine = view_of(registrar)

    with pytest.raises(MayNotShare):
        share_view(view_id=mine.pk, center=center, by=registrar)
    with pytest.raises(MayNotShare):
        share_view(view_id=view.pk, center=CenterFactory(), by=manager)
    share_view(view_id=view.pk, center=center, by=manager)
    seen = opened(client, view)
    with pytest.raises(NoSuchView):
        stop_sharing(view_id=view.pk, by=registrar)
    with pytest.raises(NoSuchView):
        stop_sharing(view_id=view.pk, by=stranger)
    with pytest.raises(NoSuchView):
        rename_view(view_id=view.pk, name="غيره", by=second)
    stop_sharing(view_id=view.pk, by=second)

    assert rows(seen) == [own]
    assert SavedView.objects.get(pk=view.pk).owner == manager
    assert opened(client, view).redirect_chain == [(f"{reverse(LIST)}?view=0", 302)]


def test_hidden_columns_are_neither_on_the_page_nor_in_the_file_and_still_filter_and_order(
    client: Client, registrar: User, center: Center
):
    first, second = enrollment_in(center), enrollment_in(center)
    enrollment_in(center, state=EnrollmentState.WITHDRAWN)

    client.post(page_of("list_columns"), {"columns": ["cohort"]})
    asked = {"state": "active", "ordering": "-enrolled_at"}
    answer = client.get(reverse(LIST), asked)
    files = {
        name: b"".join(client.get(reverse(LIST), {**asked, "export": "csv", **more})).decode()
        for name, more in (("shown", {}), ("all", {"columns": "all"}))
    }

    assert [column.name for column in answer.context["table"].columns.values()] == ["person", "cohort"]
    assert rows(answer) == [second, first]
    assert [len(files[name].splitlines()[0].split(",")) for name in ("shown", "all")] == [2, 6]
    assert [len(file.splitlines()) for file in files.values()] == [3, 3]
    client.post(page_of("list_columns"), {"reset": "1"})
    assert len(client.get(reverse(LIST)).context["table"].columns) == 6
    assert not SavedView.objects.exists()


def columns_of(answer: Any) -> list[str]:
    return [column.name for column in answer.context["table"].columns.values()]


def header(client: Client, **asked: str) -> list[str]:
    file = b"".join(client.get(reverse(LIST), {**asked, "export": "csv"})).decode("utf-8-sig")
    return file.splitlines()[0].split(",")


def test_a_column_is_moved_by_its_buttons_and_the_list_and_the_file_follow(
    client: Client, registrar: User, center: Center
):
    enrollment_in(center)
    page = page_of("list_columns")
    own = client.get(page).context["form"].order
    before = header(client)

    moved = client.post(page, {"columns": own, "order": ",".join(own), "down": own[0]}).context["form"]
    kept_so_far = SavedView.objects.exists()
    client.post(page, {"columns": own, "order": ",".join(moved.order)})

    assert moved.order == [own[1], own[0], *own[2:]]
    assert not kept_so_far
    assert columns_of(client.get(reverse(LIST))) == ["person", *moved.order]
    assert header(client) == [before[0], before[2], before[1], *before[3:]]


def test_hidden_columns_come_last_in_a_file_with_all_and_keep_their_place_on_the_page(
    client: Client, registrar: User, center: Center
):
    enrollment_in(center)
    page = page_of("list_columns")
    own = client.get(page).context["form"].order
    wanted = [own[3], own[1]]

    client.post(page, {"columns": wanted, "order": ",".join(wanted)})

    assert columns_of(client.get(reverse(LIST))) == ["person", *wanted]
    assert client.get(page).context["form"].order == [*wanted, own[0], own[2], *own[4:]]
    assert len(header(client, columns="all")) == len(own) + 1
    assert header(client, columns="all")[:3] == header(client)


def test_the_ends_of_the_list_and_what_is_no_column_move_nothing(client: Client, registrar: User):
    page = page_of("list_columns")
    own = client.get(page).context["form"].order

    for button, name in (("up", own[0]), ("down", own[-1]), ("up", "gone")):
        answer = client.post(page, {"columns": own, "order": "gone,gone," + ",".join(own), button: name})

        assert answer.context["form"].order == own


def test_columns_are_those_of_the_own_view_that_is_open_and_never_of_a_colleagues(
    client: Client, registrar: User, center: Center
):
    enrollment_in(center)
    view = save(client, "النشطة", state="active")
    colleague = staff_member(RoleName.CENTER_MANAGER, center)
    shared = view_of(colleague, name="المدير", center=center, columns=["cohort"])
    order = ["completed_at", "cohort"]

    sent = {"columns": order, "order": ",".join(order)}
    client.post(page_of("list_columns", asked=f"state=active&view={view.pk}"), sent)
    theirs = client.post(page_of("list_columns", asked=f"view={shared.pk}"), {"columns": ["enrolled_at"]})

    assert SavedView.objects.get(pk=view.pk).columns == order
    assert SavedView.objects.get(pk=shared.pk).columns == ["cohort"]
    assert columns_of(opened(client, view)) == ["person", *order]
    assert columns_of(client.get(theirs.url)) == ["person", "enrolled_at"]


def test_columns_that_are_not_there_any_more_hide_nothing(client: Client, registrar: User, center: Center):
    enrollment_in(center)
    view_of(registrar, name="", columns=["gone", 7, None])

    answer = client.get(reverse(LIST))

    assert len(answer.context["table"].columns) == 6


@pytest.mark.parametrize(
    "path",
    ["x", "/admin/", "//evil.example/admin/enrollment/", "https://evil.example/", "/ar/", "/admin/fees/"],
)
def test_what_is_no_list_of_the_reader_has_no_views(client: Client, registrar: User, path: str):
    view = view_of(registrar)

    for name in ("list_views", "list_columns"):
        address = f"{reverse(name)}?{urlencode({'of': path})}"

        assert client.get(address).status_code == 404
        assert client.post(address, {"act": "delete", "view": view.pk}).status_code == 404
    assert SavedView.objects.filter(pk=view.pk).exists()
