"""Asking the front desk for a call, from any page, with or without a login."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.signing import BadSignature, dumps, loads
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.errors import DomainError
from accounts.models import Person, User
from accounts.services.last_errors import last_error
from accounts.services.user_agents import device_names
from courses.forms.call_backs import CallBackForm
from courses.kept_addresses import LEFT_OUT, kept_address
from courses.models import CallBack, CallBackEntry
from courses.queries.call_backs import desk_for, error_of, open_call_backs_of
from courses.queries.complaints import known_number
from courses.services.call_backs import Sent, ask_for_call

# In the session: what was sent last.
SENT = "call_back_sent"
# What the form carries of the page: as it was kept, so that nothing else can be sent in its place.
SALT = "courses.call_backs.page"
LONGEST_DEVICE = 120
SHOWN = 5
TOO_MANY = 429


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def call_back(request: HttpRequest) -> HttpResponse:
    """The form, and above its button all that is sent with it."""
    person, page = _person(request), _page(request)
    number, own = known_number(person, _login(request)), _own(person)
    # As it was asked for, so that what is added does not move the call to another hour.
    same = next((row for row in own if row.phone == number), None)
    form = CallBackForm(
        request.POST if request.method == "POST" else None,
        initial={"phone": number, "page": dumps(page, salt=SALT)} | ({"hours": same.hours} if same else {}),
    )
    status = 200
    if form.is_valid():
        if _is_counted(request, form.cleaned_data["phone"]):
            try:
                return _asked(request, {**form.cleaned_data, "page": page}, person)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
        else:
            form.add_error(
                None, _("Too many requests came from here today. Call your center, or try again later.")
            )
            status = TOO_MANY
    context = {
        "form": form,
        "sent": _sent(request, {"page": page}),
        "own": own,
        "keep_days": settings.CALL_BACK_KEEP_DAYS,
    }
    return render(request, "courses/call_backs/ask.html", context, status=status)


@never_cache
@require_safe
def call_back_sent(request: HttpRequest) -> HttpResponse:
    """What was sent from this browser last. Leads to the form where nothing was."""
    entries = CallBackEntry.objects.select_related("call_back__center")
    entry = entries.filter(pk=request.session.get(SENT, 0)).first()
    if entry is None:
        return redirect("courses:call_back")
    context = {
        "entry": entry,
        "error": error_of(entry),
        "call_back": entry.call_back,
        "keep_days": settings.CALL_BACK_KEEP_DAYS,
        # An address of which a part was left out opens nothing.
        "on": entry.page if entry.page and LEFT_OUT not in entry.page else f"/{entry.language}/",
    }
    return render(request, "courses/call_backs/sent.html", context)


def _own(person: Person | None) -> Sequence[CallBack]:
    return list(open_call_backs_of(person)[:SHOWN]) if person else []


def _asked(request: HttpRequest, typed: dict[str, Any], person: Person | None) -> HttpResponse:
    sent = _sent(request, typed)
    entry = ask_for_call(
        phone=typed["phone"],
        hours=typed["hours"],
        text=typed["text"],
        sent=sent,
        person=person,
        center=desk_for(person, sent.page),
        by=request.user if request.user.is_authenticated else None,
    )
    request.session[SENT] = entry.pk
    return redirect("courses:call_back_sent")


def _sent(request: HttpRequest, found: dict[str, Any]) -> Sent:
    """All that goes along. `found`: what only the form knows."""
    return Sent(
        page=found["page"],
        device=device_names(request.headers.get("User-Agent", ""))[:LONGEST_DEVICE],
        screen=found.get("screen", ""),
        connection=found.get("connection", ""),
        saves_data=request.headers.get("Save-Data", "") == "on",
        language=get_language() or settings.LANGUAGE_CODE,
        error=last_error(request),
    )


def _page(request: HttpRequest) -> str:
    """Where the reader comes from, if it is a page of this site: as the browser says with the link, afterwards as the form has it."""
    if request.method == "POST":
        try:
            return str(loads(request.POST.get("page", ""), salt=SALT))
        except BadSignature:
            return ""
    try:
        referer = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    return kept_address(referer.path) if referer.netloc == request.get_host() else ""


def _person(request: HttpRequest) -> Person | None:
    return request.user.person if request.user.is_authenticated else None


def _login(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _is_counted(request: HttpRequest, phone: str) -> bool:
    """By the address and the number, and of who is logged in by the login, too."""
    keys = {"call_back": phone}
    if request.user.is_authenticated:
        keys["call_back_login"] = str(request.user.pk)
    return all(
        ratelimit.consume(request, app="courses", action=action, config=settings.ACCOUNT_RATE_LIMITS, key=key)
        for action, key in keys.items()
    )
