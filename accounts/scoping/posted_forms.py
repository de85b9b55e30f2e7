"""Posted forms of acts that were not done, kept in the session to fill the form again after reauthentication.

The values are only shown. The act is done when the user submits the form again.
"""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, QueryDict
from django.utils import timezone

_KEY = "typed-for-an-act"
# Seconds.
KEPT_FOR = 300
# Characters: the ticks of a proposal of ten thousand people.
_LARGEST = 100_000


def store_posted_form(request: HttpRequest, *, page: str, is_final: bool) -> None:
    """Keep what was posted to the address of `request`, for `page` to show again. Replaces an earlier one."""
    fields = request.POST.copy()
    fields.pop("csrfmiddlewaretoken", None)
    typed = fields.urlencode()
    if len(typed) > _LARGEST:
        return
    request.session[_KEY] = {
        "address": request.path,
        "page": page,
        "is_final": is_final,
        "user": request.user.pk,
        "at": timezone.now().timestamp(),
        "typed": typed,
    }


def pop_posted_form(request: HttpRequest, address: str) -> QueryDict | None:
    """What the user of `request` posted to `address` within the last `KEPT_FOR` seconds, where it was not done. Once."""
    kept = _kept(request)
    if not kept or kept["address"] != address:
        return None
    del request.session[_KEY]
    # As large as it was posted: the limit was held then.
    return QueryDict(kept["typed"])


def restored_form[F: Form](form_class: type[F], request: HttpRequest, address: str, **facts: Any) -> F:
    """An unbound form for `address` with what was typed there, once; `initial` of a fresh one is empty."""
    typed = pop_posted_form(request, address)
    initial = {} if typed is None else {name: typed.get(name, "") for name in form_class.base_fields}
    return form_class(initial=initial, **facts)


def act_awaiting_reauthentication(request: HttpRequest) -> dict[str, Any] | None:
    """The act from which `request`, to a page that asks who it is, was led there; None where nothing was posted."""
    kept = _kept(request)
    page = request.POST.get("next") or request.GET.get("next")
    return kept if kept and kept["page"] == page else None


def _kept(request: HttpRequest) -> dict[str, Any] | None:
    kept: dict[str, Any] | None = request.session.get(_KEY)
    if not kept or kept["user"] != request.user.pk:
        return None
    return kept if timezone.now().timestamp() - kept["at"] <= KEPT_FOR else None
