"""Messages to authors in the page editor."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.models import Page, WorkflowState

from accounts.enums import Act
from accounts.scoping import fenced, may
from accounts.scoping.requests import MemberRequest
from accounts.services.formatting import format_list
from courses.models import Cohort, LessonPage, UnitPage
from courses.queries.pinning import cohorts_with_other_content
from media_pipeline.queries.captions import has_captions

# Of the cohorts in a message.
MOST_NAMED = 5


def warn_of_missing_captions(request: MemberRequest, page: Page) -> None:
    """Warn the author who publishes a lesson without captions: some trainees cannot hear, some have no sound."""
    video = page.video() if isinstance(page, LessonPage) else None
    if video is None or has_captions(video):
        return
    buttons = []
    if may(request.user, Act.MANAGE_MEDIA, on=video):
        address = f"{reverse('video:inspect', args=[video.pk])}#captions"
        buttons.append(messages.button(address, _("Make captions")))
    text = _("The video “%(video)s” has no captions yet. Trainees who do not hear it need them.")
    messages.warning(request, text % {"video": video.title}, buttons=buttons)


def tell_of_cohorts(request: MemberRequest, page: Page) -> None:
    """Tell the author who publishes a changed unit which cohorts go on with what they have, and where that is brought up to date."""
    if not isinstance(page, UnitPage):
        return
    seen = fenced(Cohort.objects.all(), user=request.user, act=Act.VIEW_COHORTS)
    cohorts = cohorts_with_other_content(page, among=seen)
    if not cohorts:
        return
    buttons = [
        messages.button(
            reverse("cohort:content", args=[cohort.pk]), f"{_('Content of the cohort')}: {cohort.code}"
        )
        for cohort in cohorts[:MOST_NAMED]
        if may(request.user, Act.MANAGE_COHORTS, on=cohort)
    ]
    text = ngettext(
        "%(count)s cohort goes on with the content that it has: %(codes)s. It gets what you published once its content is brought up to date.",
        "%(count)s cohorts go on with the content that they have: %(codes)s. They get what you published once their content is brought up to date.",
        len(cohorts),
    )
    named = [cohort.code for cohort in cohorts[:MOST_NAMED]]
    codes = format_list([*named, "…"] if len(cohorts) > MOST_NAMED else named)
    messages.info(request, text % {"count": len(cohorts), "codes": codes}, buttons=buttons)


def warn_before_editing(request: MemberRequest, page: Page) -> None:
    """The same where the lesson is opened to be edited, and before it is published for the first time; and why it came back."""
    if request.method == "GET" and not is_fetch_request(request):
        warn_of_missing_captions(request, page)
        show_return_reason(request, page)


def show_return_reason(request: MemberRequest, page: Page) -> None:
    """Show the reviewer's comment in the editor of a returned draft."""
    state = page.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_NEEDS_CHANGES:
        return
    review = state.current_task_state
    text = _("%(reviewer)s returned this draft: %(comment)s")
    messages.warning(request, text % {"reviewer": review.finished_by or "–", "comment": review.comment})


def is_fetch_request(request: HttpRequest) -> bool:
    """Whether the answer goes into a page that is already open; a message would wait for the next one."""
    return request.headers.get("X-Requested-With") == "XMLHttpRequest" or not request.accepts("text/html")
