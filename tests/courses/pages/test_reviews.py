"""From a draft to what trainees see: another user publishes what one wrote, or returns it."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, TaskState

from accounts.enums import RoleName
from accounts.models import Center, User
from accounts.services.content import assign_content
from courses.errors import (
    AlreadySubmitted,
    CommentMissing,
    OwnDraft,
    PageNotYours,
    ReviewOver,
)
from courses.models import CoursePage, LessonPage
from courses.queries.reviews import reviews_waiting_for
from courses.services.reviews import (
    publish_reviewed,
    return_for_changes,
    submit_for_review,
)
from tests.factories.accounts import staff_member
from tests.factories.courses import CoursePageFactory, LessonPageFactory, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(course: CoursePage, author: User) -> LessonPage:
    page: LessonPage = LessonPageFactory(parent=course, live=False, owner=author)
    page.save_revision(user=author)
    return page


def waiting(user: User) -> list[str]:
    # Roles are read once for the life of a user object.
    return [review.title for review in reviews_waiting_for(User.objects.get(pk=user.pk))]


def edit(client: Client, page: LessonPage, *buttons: str, title: str = "كتب من جديد") -> int:
    form = {
        "title": title,
        "slug": page.slug,
        "is_required": "on",
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        **dict.fromkeys(buttons, "on"),
    }
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form).status_code


def test_a_draft_goes_from_the_editor_to_the_home_of_the_publisher_and_out(
    client: Client, draft: LessonPage, author: User, publisher: User
):
    client.force_login(author)
    edit(client, draft, "action-submit", title="دائرة الإنارة")

    client.force_login(publisher)
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    review = TaskState.objects.get()
    address = reverse("content_review", args=[review.pk])
    page = client.get(address)
    client.post(address, {"publish": "", "comment": ""})

    assert address in home
    assert page.status_code == 200
    draft.refresh_from_db()
    assert (draft.live, draft.title) == (True, "دائرة الإنارة")
    assert waiting(publisher) == []


def test_an_author_has_no_button_to_publish_and_no_way_to(client: Client, draft: LessonPage, publisher: User):
    client.force_login(publisher)
    page = client.get(reverse("wagtailadmin_pages:edit", args=[draft.pk])).content.decode()

    edit(client, draft, "action-publish")

    assert 'name="action-publish"' not in page
    assert 'name="action-submit"' in page
    draft.refresh_from_db()
    assert not draft.live


def test_who_wrote_a_part_of_it_does_not_decide(draft: LessonPage, author: User, publisher: User):
    draft.save_revision(user=publisher)
    review = submitted(draft, author)

    with pytest.raises(OwnDraft):
        publish_reviewed(review_id=review, by=publisher)
    with pytest.raises(OwnDraft):
        return_for_changes(review_id=review, comment="again", by=publisher)


def test_the_ministry_is_asked_where_a_center_has_no_second_publisher(
    draft: LessonPage, author: User, publisher: User, ministry: User, center: Center
):
    draft.save_revision(user=publisher)
    review = submitted(draft, publisher)
    assert waiting(ministry) == [draft.title]

    second = staff_member(RoleName.CENTER_MANAGER, center)

    assert waiting(ministry) == []
    assert waiting(second) == [draft.title]
    # It may decide all the same: the second publisher may be ill.
    assert publish_reviewed(review_id=review, by=ministry).live


def test_pages_of_the_ministry_wait_for_another_officer(course: CoursePage, ministry: User, publisher: User):
    program = course.get_parent().specific
    program.save_revision(user=ministry)
    submitted(program, ministry)
    second = staff_member(RoleName.MINISTRY_OFFICER)

    assert (waiting(ministry), waiting(publisher), waiting(second)) == ([], [], [program.title])


def test_publishers_of_another_center_see_and_decide_nothing(
    client: Client, draft: LessonPage, author: User, publisher: User, other_center: Center
):
    review = submitted(draft, author)
    stranger = staff_member(RoleName.CENTER_MANAGER, other_center)
    client.force_login(stranger)

    assert waiting(stranger) == []
    assert client.get(reverse("content_review", args=[review])).status_code == 404
    assert client.post(reverse("content_review", args=[review]), {"publish": ""}).status_code == 404
    with pytest.raises(PageNotYours):
        publish_reviewed(review_id=review, by=stranger)


def test_a_draft_is_returned_with_a_comment_that_its_author_sees_and_submitted_again(
    client: Client, draft: LessonPage, author: User, publisher: User
):
    review = submitted(draft, author)
    with pytest.raises(CommentMissing):
        return_for_changes(review_id=review, comment=" ", by=publisher)

    return_for_changes(review_id=review, comment="الصورة مقلوبة", by=publisher)

    client.force_login(author)
    assert draft.title in client.get(reverse("wagtailadmin_home")).content.decode()
    editor = client.get(reverse("wagtailadmin_pages:edit", args=[draft.pk]))
    assert any("الصورة مقلوبة" in str(message) for message in editor.context["messages"])
    edit(client, draft, "action-submit")
    assert waiting(publisher) == ["كتب من جديد"]
    draft.refresh_from_db()
    assert not draft.live


def test_what_is_under_review_stays_as_it_was_submitted(
    client: Client, draft: LessonPage, author: User, publisher: User
):
    submitted(draft, author)

    for user in (author, publisher):
        client.force_login(user)
        edit(client, draft, title="changed meanwhile")

    draft.refresh_from_db()
    assert draft.get_latest_revision_as_object().title == draft.title != "changed meanwhile"


def test_the_author_withdraws_a_draft_and_nothing_stays_locked(
    client: Client, draft: LessonPage, author: User
):
    submitted(draft, author)
    client.force_login(author)

    edit(client, draft, "action-cancel-workflow")

    draft.refresh_from_db()
    assert not draft.workflow_in_progress
    edit(client, draft, title="freely written")
    draft.refresh_from_db()
    assert draft.get_latest_revision_as_object().title == "freely written"


def test_a_publisher_takes_back_what_an_author_who_left_had_submitted(
    draft: LessonPage, author: User, publisher: User
):
    state = submit_for_review(page_id=draft.pk, by=author)
    author.is_active = False
    author.save()

    assert state.user_can_cancel(publisher)


def test_a_page_is_submitted_once(draft: LessonPage, author: User):
    submitted(draft, author)

    with pytest.raises(AlreadySubmitted):
        submit_for_review(page_id=draft.pk, by=author)


def test_a_returned_page_is_submitted_again(draft: LessonPage, author: User, publisher: User):
    first = submit_for_review(page_id=draft.pk, by=author).current_task_state_id
    return_for_changes(review_id=first, comment="say which tool", by=publisher)

    again = submit_for_review(page_id=draft.pk, by=author)

    publish_reviewed(review_id=again.current_task_state_id, by=publisher)
    draft.refresh_from_db()
    assert draft.live


@pytest.mark.parametrize("end", ["published", "returned", "canceled"])
def test_a_review_that_is_over_is_not_decided_again(
    client: Client, draft: LessonPage, author: User, publisher: User, center: Center, end: str
):
    state = submit_for_review(page_id=draft.pk, by=author)
    review = state.current_task_state_id
    if end == "published":
        publish_reviewed(review_id=review, by=publisher)
    elif end == "returned":
        return_for_changes(review_id=review, comment="again", by=publisher)
    else:
        state.cancel(user=author)
    live = Page.objects.get(pk=draft.pk).live

    with pytest.raises(ReviewOver):
        publish_reviewed(review_id=review, by=staff_member(RoleName.CENTER_MANAGER, center))

    client.force_login(publisher)
    assert client.get(reverse("content_review", args=[review])).status_code == 200
    assert Page.objects.get(pk=draft.pk).live == live


def test_a_role_that_was_taken_away_decides_nothing(draft: LessonPage, author: User, publisher: User):
    review = submitted(draft, author)
    publisher.memberships.update(until="2020-01-02", since="2020-01-01")

    with pytest.raises(PageNotYours):
        publish_reviewed(review_id=review, by=User.objects.get(pk=publisher.pk))


def test_wagtails_own_address_of_a_review_asks_the_same(
    client: Client, draft: LessonPage, author: User, publisher: User
):
    draft.save_revision(user=publisher)
    review = submitted(draft, author)
    client.force_login(publisher)

    answer = client.post(
        reverse("wagtailadmin_pages:workflow_action", args=[draft.pk, "approve", review]), {"comment": ""}
    )

    assert answer.status_code in {302, 403}
    draft.refresh_from_db()
    assert not draft.live


def test_reviews_of_other_centers_push_none_of_the_own_out_of_the_list(
    draft: LessonPage,
    author: User,
    publisher: User,
    other_center: Center,
    ministry: User,
    monkeypatch: pytest.MonkeyPatch,
):
    foreign = CoursePageFactory()
    assign_content(page_id=foreign.pk, center=other_center, by=ministry)
    stranger = staff_member(RoleName.INSTRUCTOR, other_center)
    for _ in range(3):
        page = LessonPageFactory(parent=foreign, live=False)
        page.save_revision(user=stranger)
        submitted(page, stranger)
    submitted(draft, author)
    monkeypatch.setattr("courses.queries.reviews.MOST_REVIEWS", 2)
    monkeypatch.setattr("courses.queries.reviews.LOOKED_AT_ONCE", 2)

    assert waiting(publisher) == [draft.title]
    # The other center has no publisher: the ministry is asked.
    assert len(waiting(ministry)) == 2


def test_the_list_of_reviews_asks_the_database_as_often_for_three_as_for_one(
    course: CoursePage, author: User, publisher: User, django_assert_num_queries
):
    def another() -> None:
        page = LessonPageFactory(parent=course, live=False)
        page.save_revision(user=author)
        submitted(page, author)

    another()
    with django_assert_num_queries(13):
        assert len(waiting(publisher)) == 1
    another()
    another()
    with django_assert_num_queries(13):
        assert len(waiting(publisher)) == 3
