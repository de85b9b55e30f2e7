"""What one was told: the notices on the site, opened and marked as read."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.digits import is_decimal, read_key
from accounts.models import SiteNotice
from accounts.scoping.requests import MemberRequest
from accounts.scoping.seen import is_seen_by_staff
from accounts.services.site_notices import notices_shown_to, read_all_notices, read_notice

NOTICES_ON_A_PAGE = 20


@require_safe
@login_required
@never_cache
def notices(request: MemberRequest) -> HttpResponse:
    """The newest first."""
    pages = Paginator(notices_shown_to(request.user), NOTICES_ON_A_PAGE)
    page_obj = pages.get_page(request.GET.get("page"))
    newest = page_obj.object_list[0].pk if page_obj.object_list else 0
    return render(
        request,
        "account/notices.html",
        {
            "page_obj": page_obj,
            "page_numbers": pages.get_elided_page_range(page_obj.number),
            "newest": newest,
            "has_unread": any(one.read_at is None for one in page_obj.object_list),
        },
    )


@require_safe
@login_required
@never_cache
def notice(request: MemberRequest, pk: int) -> HttpResponse:
    """One of them. Who opens it has read it."""
    found = get_object_or_404(notices_shown_to(request.user), pk=pk)
    if request.method == "GET" and not is_seen_by_staff():
        read_notice(notice_id=found.pk, by=request.user)
    return render(request, "account/notice.html", {"notice": found})


@require_POST
@login_required
def read_one_notice(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(SiteNotice.objects.of(request.user), pk=pk)
    read_notice(notice_id=found.pk, by=request.user)
    return _back(request)


@require_POST
@login_required
def read_notices(request: MemberRequest) -> HttpResponse:
    """All of them, up to the newest that the page showed: one that came meanwhile stays unread."""
    read_all_notices(up_to=read_key(request.POST.get("newest", "")) or 0, by=request.user)
    messages.success(request, _("All notices are marked as read."))
    return _back(request)


def _back(request: MemberRequest) -> HttpResponse:
    page = request.POST.get("page", "")
    place = f"?page={int(page)}" if is_decimal(page) and len(page) < 10 else ""
    return redirect(f"{reverse('account_notices')}{place}")
