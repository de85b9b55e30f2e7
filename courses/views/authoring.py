"""Messages to authors in the page editor."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page, WorkflowState

from accounts.enums import Act
from accounts.scoping import may
from accounts.scoping.requests import MemberRequest
from courses.models import LessonPage
from media_pipeline.queries.captions import has_captions


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
