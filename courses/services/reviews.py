"""Reviews of drafts: submit, publish or return; and taking pages offline."""

from django.db import transaction
from django.utils import timezone
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import log
from wagtail.models import Page, TaskState, WorkflowState

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may_everywhere
from accounts.scoping.content import may_handle
from accounts.scoping.hands import why_one_hand
from courses.errors import (
    AlreadySubmitted,
    CohortsLearn,
    CommentMissing,
    FactsNeedTheMinistry,
    FrontPageStays,
    InfoStays,
    KeptOffline,
    NotOnline,
    OwnDraft,
    PageNotYours,
    ReasonMissing,
    ReviewOver,
)
from courses.models import InfoPage, UnitPage
from courses.models.reviews import (
    TakenOffline,
    is_front_page,
    may_review,
    needs_the_ministry,
    writers_since_published,
)
from courses.queries.programs import cohorts_learning_from


@transaction.atomic
def submit_for_review(*, page_id: int, by: User) -> WorkflowState:
    """Ask for a review of the newest draft, also of one that was returned. Raises `PageNotYours`, `AlreadySubmitted`."""
    page = Page.objects.select_for_update(of=("self",)).get(pk=page_id).specific
    if not page.permissions_for_user(by).can_edit():
        raise PageNotYours
    if page.workflow_in_progress:
        raise AlreadySubmitted
    returned: WorkflowState | None = page.current_workflow_state
    if returned is not None:
        returned.resume(by)
        return returned
    state: WorkflowState = page.get_workflow().start(page, by)
    return state


@transaction.atomic
def publish_reviewed(*, review_id: int, comment: str = "", by: User) -> Page:
    """Publish what was submitted, as it was submitted.

    Raises `ReviewOver`, `PageNotYours`, `FactsNeedTheMinistry`, `OwnDraft`, and what `UnitPage.check_publishing` of the draft raises.
    """
    review, page = _locked_review(review_id, by)
    if needs_the_ministry(by, page):
        raise FactsNeedTheMinistry
    draft = review.revision.as_object()
    if isinstance(draft, UnitPage):
        draft.check_publishing()
    review.approve(user=by, comment=comment)
    page.refresh_from_db()
    return page


@transaction.atomic
def return_for_changes(*, review_id: int, comment: str, by: User) -> Page:
    """Give a draft back to who wrote it, with what is to change.

    Raises `ReviewOver`, `PageNotYours`, `OwnDraft`, `CommentMissing`.
    """
    review, page = _locked_review(review_id, by)
    if not comment.strip():
        raise CommentMissing
    review.reject(user=by, comment=comment.strip())
    return page


@transaction.atomic
def take_offline(*, page_id: int, reason: str, by: User) -> Page:
    """Unpublish a page in every language; it stays as a draft in each, and comes back by a review.

    What is wrong in one language is wrong in the others: units and their progress are shared by the translations. A page
    from which cohorts learn now is taken offline by the ministry only. What the ministry took offline comes back by its own review. Raises `PageNotYours`, `NotOnline`, `FrontPageStays`,
    `InfoStays`, `ReasonMissing`, `CohortsLearn`.
    """
    page = Page.objects.select_for_update(of=("self",)).get(pk=page_id).specific
    if not may_handle(by, Act.PUBLISH_CONTENT, page):
        raise PageNotYours
    if not page.live:
        raise NotOnline
    if is_front_page(page):
        raise FrontPageStays
    if isinstance(page, InfoPage) and page.kind:
        raise InfoStays
    if not reason.strip():
        raise ReasonMissing
    learning = cohorts_learning_from(page).count()
    if learning and not may_everywhere(by, Act.PUBLISH_CONTENT):
        raise CohortsLearn(count=learning)
    if may_everywhere(by, Act.PUBLISH_CONTENT):
        TakenOffline.objects.get_or_create(
            translation_key=page.translation_key,
            published_at=None,
            defaults={"reason": reason.strip(), "by": by},
        )
    for translation in page.get_translations(inclusive=True).live().select_for_update(of=("self",)):
        UnpublishPageAction(translation.specific, user=by).execute(skip_permission_checks=True)
    log(page, "courses.page.take_offline", user=by, data={"reason": reason.strip(), "cohorts": learning})
    page.refresh_from_db()
    return page


def note_publishing(page: Page) -> None:
    """What the ministry took offline and published again is kept offline no longer. Idempotent."""
    kept = TakenOffline.objects.filter(translation_key=page.translation_key, published_at=None)
    kept.update(published_at=timezone.now())


def _locked_review(review_id: int, by: User) -> tuple[TaskState, Page]:
    review = TaskState.objects.select_for_update(of=("self",)).select_related("revision").get(pk=review_id)
    page: Page = review.revision.content_object
    if not may_handle(by, Act.PUBLISH_CONTENT, page):
        raise PageNotYours
    if review.status != TaskState.STATUS_IN_PROGRESS or review.revision_id != page.latest_revision_id:
        raise ReviewOver
    if not may_everywhere(by, Act.PUBLISH_CONTENT) and TakenOffline.of(page):
        raise KeptOffline
    if not may_review(by, page):
        writers = set(writers_since_published(page).values_list("pk", flat=True))
        raise why_one_hand(by, writers, Act.EDIT_CONTENT, OwnDraft)
    return review, page
