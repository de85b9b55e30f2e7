"""The operators' page of failed and waiting jobs of all kinds."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import holds_everywhere, may_everywhere
from accounts.scoping.requests import MemberRequest
from accounts.services.deliveries import sms_figures
from jobs.enums import JobState
from jobs.errors import NotFailed, NotOpen
from jobs.queries import newest_jobs
from jobs.registry import kind_of
from jobs.services.canceling import cancel
from jobs.services.recovery import retry

JOBS_ON_A_PAGE = 50


class JobsView(WagtailAdminTemplateMixin, TemplateView):
    """Lists the newest jobs of each kind that failed, or that wait; a POST of `kind` and `job` retries one.

    With `act=cancel` it cancels one that waits, of a kind that allows it.
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
        is_waiting = self.request.GET.get("state") == JobState.WAITING
        state = JobState.WAITING if is_waiting else JobState.FAILED
        page = Paginator(newest_jobs(state), JOBS_ON_A_PAGE).get_page(self.request.GET.get("p"))
        messages_of_month = sms_figures() if settings.SMS_GATEWAY_URL else None
        return super().get_context_data(page=page, is_waiting=is_waiting, sms=messages_of_month, **kwargs)

    def post(self, request: MemberRequest) -> HttpResponse:
        label, job_id = request.POST.get("kind", ""), request.POST.get("job", "")
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
