"""Classes as iCalendar files and feeds."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.scoping.requests import MemberRequest
from courses.queries.calendar import calendar, feed_sessions_of
from live.models import CalendarFeed
from live.queries.feeds import feed_owner, feed_token
from live.services.feeds import end_feed, renew_feed
from live.views.access import session_for


@login_required
@never_cache
@require_GET
def class_calendar(request: MemberRequest, public_id: str) -> HttpResponse:
    """One class as a file for the reader's calendar."""
    session = session_for(request, public_id)
    answer = HttpResponse(calendar([session.class_session]), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="class.ics"'
    return answer


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def calendar_address(request: MemberRequest) -> HttpResponse:
    """Make, renew or end the reader's private calendar address."""
    if request.method == "POST":
        if "end" in request.POST:
            end_feed(user=request.user)
            messages.success(request, _("The address has ended. Calendars that had it show no new classes."))
        else:
            renew_feed(user=request.user)
            messages.success(request, _("The new address is ready. One you had before has ended."))
        return redirect("live:calendar_address")
    feed = CalendarFeed.objects.filter(user=request.user).first()
    path = reverse("live:feed", args=[feed_token(feed)]) if feed else ""
    return render(
        request,
        "live/calendar.html",
        {
            "address": f"{settings.SITE_URL}{path}" if feed else "",
            "subscribe": f"webcal://{urlsplit(settings.SITE_URL).netloc}{path}" if feed else "",
        },
    )


@never_cache
@require_GET
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """All classes of one person, workshop days too, for a calendar app, which has no login: the token identifies the person."""
    owner = feed_owner(token)
    if owner is None:
        raise Http404
    answer = HttpResponse(calendar(feed_sessions_of(owner)), content_type="text/calendar; charset=utf-8")
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
