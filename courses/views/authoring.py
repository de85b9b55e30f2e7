"""What authors are told when they publish."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.models import LessonPage


def warn_of_missing_captions(request: HttpRequest, page: Page) -> None:
    """A lesson goes out without captions only when its author knows: some trainees do not hear, some have no sound."""
    if not isinstance(page, LessonPage):
        return
    video = page.video()
    if video and not (video.published and video.published.captions):
        messages.warning(
            request,
            _("The video “%(video)s” has no captions yet. Trainees who do not hear it need them.")
            % {"video": video.title},
        )
