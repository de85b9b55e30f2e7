"""The operators' page of failed and waiting jobs of all kinds."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from accounts.digits import is_decimal
from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping import holds_everywhere, may_everywhere
from accounts.scoping.requests import MemberRequest
from accounts.services.deliveries import sms_figures
from accounts.services.resending import newest_untold, send_again
from jobs.enums import JobState
from jobs.errors import NotFailed, NotOpen
from jobs.queries import newest_jobs
from jobs.registry import kind_of
from jobs.services.canceling import cancel
from jobs.services.recovery import retry

JOBS_ON_A_PAGE = 50
# Next to the states of jobs: messages that did not arrive.
UNTOLD = "untold"


class JobsView(WagtailAdminTemplateMixin, TemplateView):
    """Lists the newest jobs of each kind that failed, or that wait; a POST of `kind` and `job` retries one.

    With `act=cancel` it cancels one that waits, of a kind that allows it. `state=untold` lists messages that did not arrive; with
    `act=send_again` one of them is sent again.
    """

    request: MemberRequest
    template_name = "lms/admin/jobs.html"
    page_title = gettext_lazy("Background jobs")
    header_icon = "tasks"
    _show_breadcrumbs = True

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        if not may_everywhere(request.user, Act.SET_RULES):
            raise Http404
        super().setup(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("state")
        state = asked if asked in (JobState.WAITING, UNTOLD) else JobState.FAILED
        rows = newest_untold() if state == UNTOLD else newest_jobs(JobState(state))
        page = Paginator(rows, JOBS_ON_A_PAGE).get_page(self.request.GET.get("p"))
        messages_of_month = sms_figures() if settings.SMS_GATEWAY_URL else None
        return super().get_context_data(page=page, state=state, sms=messages_of_month, **kwargs)

    def post(self, request: MemberRequest) -> HttpResponse:
        label, job_id = request.POST.get("kind", ""), request.POST.get("job", "")
        if request.POST.get("act") == "send_again":
            return self._send_again(label, job_id)
        try:
            if request.POST.get("act") == "cancel":
                _cancel(label, int(job_id), by=request.user)
                messages.success(request, _("The job is canceled."))
            else:
                _retry(label, int(job_id), by=request.user)
                messages.success(request, _("The job is tried again."))
        except (KeyError, ValueError, ObjectDoesNotExist) as error:
            raise Http404 from error
        except NotOpen:
            messages.warning(request, _("This job no longer waits. It may have ended meanwhile."))
        except NotFailed:
            messages.warning(request, _("This job has not failed. Another user may have retried it."))
        return redirect("jobs")

    def _send_again(self, label: str, notice_id: str) -> HttpResponse:
        try:
            number = int(notice_id) if is_decimal(notice_id) else 0
            send_again(about=label, notice_id=number, by=self.request.user)
            messages.success(self.request, _("The message is sent again."))
        except DomainError as refusal:
            messages.warning(self.request, str(refusal))
        return redirect(f"{reverse('jobs')}?state={UNTOLD}")


@transaction.atomic
def _retry(label: str, job_id: int, *, by: User) -> None:
    kind = kind_of(label)
    if kind.part_of:
        raise KeyError(label)
    retry(kind, job_id)
    log(kind._default_manager.get(pk=job_id), "lms.job.retry", user=by)


@transaction.atomic
def _cancel(label: str, job_id: int, *, by: User) -> None:
    kind = kind_of(label)
    if not kind.is_cancelable:
        raise KeyError(label)
    cancel(kind, job_id)
    log(kind._default_manager.get(pk=job_id), "lms.job.cancel", user=by)


class JobsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return holds_everywhere(request.user, Act.SET_RULES)


jobs_item = JobsItem(JobsView.page_title, reverse_lazy("jobs"), name="jobs", icon_name="tasks", order=900)
