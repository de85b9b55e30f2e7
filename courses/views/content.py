"""Views of staff for pages: decide about a draft, take a page offline, assign its owner."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem, SubmitForModerationMenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import Button
from wagtail.models import Page, TaskState
from wagtail.permissions import policy_registry

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import Center, ContentOwner, User
from accounts.scoping import may_everywhere
from accounts.scoping.content import may_handle, owner_of
from accounts.scoping.requests import MemberRequest
from accounts.services.content import AssignedAround, assign_content
from courses.enums import CohortState, CorrectionReason
from courses.errors import CohortsLearn
from courses.forms import UrgentCorrectionForm
from courses.models import Cohort, ContentReview, CoursePage, ProgramPage, UnitPage
from courses.models.reviews import TakenOffline, is_front_page, may_review, needs_the_ministry
from courses.queries.content import versions_teaching
from courses.queries.pinning import published_in_every_language
from courses.queries.programs import cohorts_learning_from
from courses.queries.reviews import reviews_under_way
from courses.services.content import correct_urgently
from courses.services.reviews import publish_reviewed, return_for_changes, take_offline
from courses.views.authoring import tell_of_cohorts

COMMENT_LETTERS = 2000


class ReviewForm(forms.Form):
    comment = forms.CharField(
        label=gettext_lazy("comment"),
        required=False,
        max_length=COMMENT_LETTERS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The writer reads it. Needed to return the draft."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=COMMENT_LETTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It is kept in the audit trail."),
    )


class OwnerForm(forms.Form):
    center = forms.ModelChoiceField(
        label=gettext_lazy("center"),
        queryset=Center.objects.filter(is_active=True),
        required=False,
        empty_label=gettext_lazy("The ministry"),
        help_text=gettext_lazy("Its instructors write this page and everything under it, in every language."),
    )


class ContentActView(WagtailAdminTemplateMixin, FormView):
    """A form about one page. Users who may not do this to this page get a 404."""

    request: MemberRequest
    page: Page
    header_icon = "doc-empty-inverse"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.page = self.find(kwargs["pk"])

    def find(self, pk: int) -> Page:
        """The page, if the user may do this to it; raises `Http404`."""
        raise NotImplementedError

    def get_page_subtitle(self) -> str:
        return self.page.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, here]

    def act(self, form: Any) -> str:
        """Do the act and show a message. Raises `DomainError`."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            messages.success(self.request, self.act(form))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return redirect(self.leads_to())

    def leads_to(self) -> str:
        return reverse("wagtailadmin_explore", args=[self.page.get_parent().pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page=self.page, **kwargs)


class ReviewView(ContentActView):
    """A draft that was submitted: read it, publish it or return it."""

    template_name = "courses/admin/review.html"
    page_title = gettext_lazy("Review")
    form_class = ReviewForm
    review: TaskState

    def find(self, pk: int) -> Page:
        review = get_object_or_404(
            TaskState.objects.filter(task__in=ContentReview.objects.values("task_ptr")).select_related(
                "revision", "workflow_state__requested_by", "finished_by"
            ),
            pk=pk,
        )
        page = review.revision.content_object
        if page is None or not may_handle(self.request.user, Act.PUBLISH_CONTENT, page):
            raise Http404
        self.review = review
        return page

    def act(self, form: ReviewForm) -> str:
        comment = form.cleaned_data["comment"]
        if "return" in self.request.POST:
            return_for_changes(review_id=self.review.pk, comment=comment, by=self.request.user)
            return _("The draft went back to its writer.")
        publish_reviewed(review_id=self.review.pk, comment=comment, by=self.request.user)
        tell_of_cohorts(self.request, Page.objects.get(pk=self.page.pk).specific)
        return _("The page is published.")

    def leads_to(self) -> str:
        return reverse("wagtailadmin_home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            review=self.review,
            owner=owner_of(self.page),
            key_address=self.page.specific.key_address(),
            is_open=reviews_under_way().filter(pk=self.review.pk).exists(),
            may_decide=may_review(self.request.user, self.page),
            needs_the_ministry=needs_the_ministry(self.request.user, self.page),
            kept_offline=TakenOffline.of(self.page),
            **kwargs,
        )


class TakeOfflineView(ContentActView):
    template_name = "courses/admin/take_offline.html"
    page_title = gettext_lazy("Take offline")
    form_class = ReasonForm

    def find(self, pk: int) -> Page:
        page = get_object_or_404(Page.objects.filter(depth__gt=1), pk=pk).specific
        if not may_handle(self.request.user, Act.PUBLISH_CONTENT, page):
            raise Http404
        return page

    def act(self, form: ReasonForm) -> str:
        take_offline(page_id=self.page.pk, reason=form.cleaned_data["reason"], by=self.request.user)
        return _("The page is offline. It comes back by a review.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        learning = cohorts_learning_from(self.page).count()
        is_for_the_ministry = learning and not may_everywhere(self.request.user, Act.PUBLISH_CONTENT)
        refusal = CohortsLearn(count=learning) if is_for_the_ministry else None
        return super().get_context_data(learning=learning, refusal=refusal, **kwargs)


class UrgentCorrectionView(WagtailAdminTemplateMixin, FormView):
    """Bring what is published of a unit now, or that it is gone, to running cohorts. By its key: its pages may be deleted."""

    request: MemberRequest
    template_name = "courses/admin/correct_content.html"
    page_title = gettext_lazy("Urgent correction")
    header_icon = "warning"
    form_class = UrgentCorrectionForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.versions = versions_teaching(kwargs["unit_key"])
        if not may_everywhere(self.request.user, Act.CORRECT_CONTENT) or not self.versions.exists():
            raise Http404

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def form_valid(self, form: UrgentCorrectionForm) -> HttpResponse:
        try:
            correct_urgently(
                unit_key=self.kwargs["unit_key"],
                reason=CorrectionReason(form.cleaned_data["reason"]),
                note=form.cleaned_data["note"],
                by=self.request.user,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("The cohorts that study the unit have the correction."))
        return redirect("wagtailadmin_home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key = self.kwargs["unit_key"]
        version = self.versions.order_by("-number")[0]
        cohorts = Cohort.objects.filter(content_version__in=self.versions).exclude(state=CohortState.CLOSED)
        return super().get_context_data(
            title=next(unit["title"] for unit in version.units if unit["unit"] == str(key)),
            cohorts=cohorts.count(),
            pages=published_in_every_language([key]),
            **kwargs,
        )


class AssignContentView(ContentActView):
    template_name = "courses/admin/owner.html"
    page_title = gettext_lazy("Who writes this")
    form_class = OwnerForm

    def find(self, pk: int) -> Page:
        pages: QuerySet[Page] = Page.objects.type(ProgramPage, CoursePage)
        page = get_object_or_404(pages, pk=pk).specific
        if not may_everywhere(self.request.user, Act.ASSIGN_CONTENT):
            raise Http404
        return page

    def get_initial(self) -> dict[str, Any]:
        owner = ContentOwner.objects.filter(translation_key=self.page.translation_key).first()
        return {"center": owner.center_id if owner else None}

    def act(self, form: OwnerForm) -> str:
        center = form.cleaned_data["center"]
        assign_content(page_id=self.page.pk, center=center, by=self.request.user)
        if center is None:
            return _("The ministry writes this page now.")
        return _("%(center)s writes this page now.") % {"center": center}


def buttons_of_page(page: Page, user: User, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Buttons in the menu of a page in the workplace."""
    specific = page.specific
    if (
        page.live
        and not page.is_root()
        and may_handle(user, Act.PUBLISH_CONTENT, page)
        and not is_front_page(page)
    ):
        address = reverse("content_offline", args=[page.pk])
        yield Button(_("Take offline"), address, icon_name="download", priority=60)
    if isinstance(specific, ProgramPage | CoursePage) and may_everywhere(user, Act.ASSIGN_CONTENT):
        address = reverse("content_owner", args=[page.pk])
        yield Button(_("Who writes this"), address, icon_name="group", priority=62)
    if (
        isinstance(specific, UnitPage)
        and may_everywhere(user, Act.CORRECT_CONTENT)
        and versions_teaching(page.translation_key).exists()
    ):
        address = reverse("content_correct", args=[page.translation_key])
        yield Button(_("Urgent correction"), address, icon_name="warning", priority=61)
    review = specific.current_workflow_task_state if specific.workflow_in_progress else None
    if review is not None and may_review(user, page):
        address = reverse("content_review", args=[review.pk])
        yield Button(_("Review"), address, icon_name="check", priority=5)


def choose_among_published_or_own(pages: QuerySet[Page], request: MemberRequest) -> QuerySet[Page]:
    """The link chooser lists published pages and drafts of the user's center; it does not disclose titles of other drafts."""
    own = policy_registry.get_by_type(Page).explorable_instances(request.user)
    return pages.filter(Q(live=True) | Q(pk__in=own.values("pk")))


def refuse_mixed_owners(request: MemberRequest, page: Page, destination: Page) -> HttpResponse | None:
    """A page that one center writes is not moved under a page that another one writes."""
    owners = ContentOwner.objects.filter(
        translation_key__in=page.get_descendants(inclusive=True).values("translation_key")
    )
    owner = owner_of(destination)
    if owner is None or not owners.exists():
        return None
    messages.error(request, str(AssignedAround(title=destination.title, center=owner)))
    return redirect("wagtailadmin_explore", page.get_parent().pk)


class SubmitForReviewItem(SubmitForModerationMenuItem):
    """Wagtail's button names the workflow, which has one name for all languages."""

    label = gettext_lazy("Submit for review")

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        return {**super().get_context_data(parent_context), "label": self.label}


def name_the_review(items: list[ActionMenuItem], _request: HttpRequest, _context: Any) -> None:
    items[:] = [
        SubmitForReviewItem(item.order) if isinstance(item, SubmitForModerationMenuItem) else item
        for item in items
    ]
