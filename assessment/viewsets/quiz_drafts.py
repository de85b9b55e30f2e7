"""The draft of a quiz with its keys, for those who write it and those who decide about it."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import Button
from wagtail.models import Page, TaskState

from accounts.enums import Act
from accounts.models import User
from accounts.scoping.content import may_handle, owner_of
from accounts.scoping.requests import MemberRequest
from assessment.models import QuizPage
from assessment.queries.quiz_drafts import quiz_draft
from courses.models.reviews import may_review


def reads_keys(user: User, page: Page) -> bool:
    """Whether `user` writes this page, or decides about its drafts."""
    return may_handle(user, Act.EDIT_CONTENT, page) or may_handle(user, Act.PUBLISH_CONTENT, page)


class QuizDraftView(WagtailAdminTemplateMixin, TemplateView):
    """The newest draft: rules, questions, keys, points, rubrics and explanations, and what changed of what is published."""

    request: MemberRequest
    template_name = "assessment/admin/quiz_draft.html"
    page_title = gettext_lazy("Questions with their keys")
    header_icon = "list-ul"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.page = get_object_or_404(QuizPage.objects.select_related("locale"), pk=kwargs["pk"])
        if not reads_keys(self.request.user, self.page):
            raise Http404

    def get_page_subtitle(self) -> str:
        return self.page.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.page
        newest: Any = page.get_latest_revision_as_object()
        draft = quiz_draft(newest, page if page.live else None, owner=owner_of(page))
        return super().get_context_data(
            page=page, draft=draft, intro=newest.intro, review=self._review(), **kwargs
        )

    def _review(self) -> TaskState | None:
        """What of this page waits for the reader."""
        review: TaskState | None = self.page.current_workflow_task_state
        return review if review is not None and may_review(self.request.user, self.page) else None


def button_with_keys(page: Page, user: User, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """In the menu of a quiz in the workplace."""
    if isinstance(page.specific, QuizPage) and reads_keys(user, page):
        address = reverse("quiz_draft", args=[page.pk])
        yield Button(_("Questions with their keys"), address, icon_name="list-ul", priority=6)
