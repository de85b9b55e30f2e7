"""The review of pages: writers of the owner draft them, and another user publishes."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.locks import WorkflowLock
from wagtail.models import (
    Page,
    PagePermissionTester,
    PageViewRestriction,
    Revision,
    Site,
    Task,
    TaskState,
    Workflow,
    WorkflowTask,
)

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may_everywhere
from accounts.scoping.content import may_handle
from accounts.scoping.hands import counts_as_hand, done_for, hands_of

# An action of Wagtail that only publishers have, since no user has its action `publish`.
PUBLISHERS_VERB = "unlock"
# Wagtail shows it in every language.
REVIEW = "المراجعة · Review"


def writers_since_published(page: Page) -> QuerySet[User]:
    """Who wrote what is not published yet: they do not decide about it."""
    return User.objects.filter(pk__in=_since_published(page).values("user"))


def _since_published(page: Page) -> QuerySet[Revision]:
    revisions = Revision.objects.for_instance(page).exclude(user=None)
    if page.live_revision_id:
        published = Revision.objects.filter(pk=page.live_revision_id).values("created_at")
        revisions = revisions.filter(created_at__gt=published[:1])
    return revisions


def may_review(user: User, page: Page) -> bool:
    """Whether `user` may decide about what others wrote on `page`: return it and, but for `needs_the_ministry`, publish it."""
    return (
        user.is_active
        and may_handle(user, Act.PUBLISH_CONTENT, page)
        and (may_everywhere(user, Act.PUBLISH_CONTENT) or TakenOffline.of(page) is None)
        and counts_as_hand(user)
        and not _is_of_one_hand_with_writers(user, page)
    )


def needs_the_ministry(user: User, page: Page) -> bool:
    """Whether the draft changes what certificates print, which `user` may not publish."""
    return not may_everywhere(user, Act.PUBLISH_CONTENT) and changes_facts(page)


def changes_facts(page: Page, draft: Revision | None = None) -> bool:
    """Whether publishing `draft`, without one the newest, changes what certificates print: also of a page that is not online."""
    names = getattr(page.specific_class, "facts", ())
    if not names:
        return False
    draft = draft or page.latest_revision
    published = page.specific
    if not page.live or draft is None:
        return True
    values = {name: published._meta.get_field(name).value_from_object(published) for name in names}
    return any(draft.content.get(name) != value for name, value in values.items())


def _is_of_one_hand_with_writers(user: User, page: Page) -> bool:
    """Whether `user`, or one whose deputy `user` is, wrote a part of it: by their own hand or by that of a deputy."""
    hands = hands_of(user)
    written = Q(user__in=hands) | done_for(hands, Act.EDIT_CONTENT, by="user", at="created_at")
    return _since_published(page).filter(written).exists()


class TakenOffline(models.Model):
    """A page that the ministry took offline in every language, and why. It comes back by a review of the ministry, no other."""

    center_path = None

    # Of the page and its translations.
    translation_key = models.UUIDField(editable=False)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("taken offline by")
    )
    at = models.DateTimeField(_("taken offline at"), db_default=Now())
    published_at = models.DateTimeField(_("published again at"), null=True)

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = _("page taken offline by the ministry")
        verbose_name_plural = _("pages taken offline by the ministry")
        constraints = (
            models.UniqueConstraint(
                fields=("translation_key",), condition=Q(published_at=None), name="taken_offline_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.translation_key}: {self.reason}"

    @classmethod
    def of(cls, page: Page) -> "TakenOffline | None":
        """Why the ministry keeps a page offline; None where it does not."""
        return cls.objects.filter(translation_key=page.translation_key, published_at=None).first()


class ReviewLock(WorkflowLock):
    def get_message(self, user: User) -> str:
        return gettext(
            "This page is waiting for its review. It stays as it was submitted until it is published, returned or taken back."
        )


class ContentReview(Task):
    """The one review step between a draft and the published page: another user with the right to publish there approves it."""

    lock_class = ReviewLock
    # Its end publishes: reviewers hold no right of Wagtail's to do so (`courses.publishing`).
    is_four_eyes = True

    class Meta:
        verbose_name = _("review of content")
        verbose_name_plural = _("reviews of content")

    @classmethod
    def workflow(cls) -> Workflow:
        """The one workflow of all pages, made when it is first needed."""
        workflow = Workflow.objects.filter(workflow_tasks__task__contentreview__isnull=False).first()
        if workflow is None:
            workflow = Workflow.objects.create(name=REVIEW)
            WorkflowTask.objects.create(workflow=workflow, task=cls.objects.create(name=REVIEW), sort_order=0)
        return workflow

    def locked_for_user(self, obj: Page, user: User) -> bool:
        """What is under review stays as it was submitted, for reviewers too: who changes it is one of its writers."""
        return True

    def user_can_unlock(self, obj: Page, user: User) -> bool:
        return may_handle(user, Act.PUBLISH_CONTENT, obj)

    def get_actions(self, obj: Page, user: User) -> list[tuple[str, Any, bool]]:
        if not may_review(user, obj):
            return []
        actions = [("reject", _("Return with a comment"), True)]
        return (
            actions
            if needs_the_ministry(user, obj)
            else [*actions, ("approve", _("Approve and publish"), False)]
        )

    def on_action(self, task_state: TaskState, user: User, action_name: str, **kwargs: Any) -> None:
        page = task_state.revision.content_object
        if not may_review(user, page) or task_state.revision_id != page.latest_revision_id:
            raise PermissionDenied
        if action_name == "approve" and needs_the_ministry(user, page):
            raise PermissionDenied
        super().on_action(task_state, user, action_name, **kwargs)

    @classmethod
    def get_description(cls) -> Any:
        return _("Another user who may publish for the owner of the page approves it or returns it.")


class ContentPermissionTester(PagePermissionTester):
    """What Wagtail's buttons and views ask about a page.

    Only superusers, who run the site, publish without a review. Taking a page offline needs a reason, so Wagtail's own page for it
    is closed to all; ours is `take_offline`.
    """

    def can_unpublish(self) -> bool:
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:  # noqa: FBT001, FBT002 - Wagtail's signature
        if is_front_page(self.page) or not self.user.is_active:
            return False
        if self.page.is_leaf() and not self.user.is_superuser:
            # A list asks for each row; Wagtail would ask the database about pages below, and a leaf has none.
            return not self.page.live and "change" in self.permissions
        return bool(super().can_delete(ignore_bulk))

    def can_reorder_children(self) -> bool:
        return self.user.is_active and (self.user.is_superuser or PUBLISHERS_VERB in self.permissions)


def is_front_page(page: Page) -> bool:
    """Whether a site, in any language, begins with this page: without it every address answers 404."""
    return any(page.url_path == root.root_path for root in Site.get_site_root_paths())


class ContentPage(Page):
    """A page that is written by its owner and published by a review."""

    # Fields that certificates print: a draft that changes one of them is published by the ministry.
    facts: ClassVar[tuple[str, ...]] = ()
    # Set where no page of the site is restricted: Wagtail reads the pages above and their restrictions each time.
    is_known_to_be_open = False

    class Meta:
        abstract = True

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        if self.is_known_to_be_open:
            return PageViewRestriction.objects.none()
        restrictions: QuerySet[PageViewRestriction] = super().get_view_restrictions()
        return restrictions

    def permissions_for_user(self, user: User) -> ContentPermissionTester:
        return ContentPermissionTester(user, self)

    def key_address(self) -> str:
        """Where its writers and reviewers read what a preview of the draft does not show, as answer keys; empty where it shows all."""
        return ""

    @property
    def has_workflow(self) -> bool:
        return True

    def get_workflow(self) -> Workflow:
        return ContentReview.workflow()
