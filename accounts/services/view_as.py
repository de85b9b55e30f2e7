"""Staff see the pages of a trainee as the trainee sees them: begun with a reason, told to the trainee, bounded, and in the audit trail."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import Center, Person, User, ViewAs
from accounts.models.view_as import LONGEST_REASON, VIEW_FOR
from accounts.scoping import centers_where, fenced, may_everywhere
from accounts.scoping.reach import works_nowhere
from accounts.services.formatting import format_datetime, localize_digits, written_in
from accounts.services.site_notices import site_notice, write_site_notices
from accounts.services.texts import tidy_line

ROWS_AT_ONCE = 1000


class NotToBeSeen(DomainError):
    message = _(
        "Pages of trainees of your center with an open login can be looked at; not your own, and not those of people who work here."
    )


class ReasonMissing(DomainError):
    code = "accounts.reason-of-viewing-missing"
    message = _("Write why. The trainee reads it.")


def may_be_seen(person: Person, *, by: User) -> bool:
    """Whether `by` may see the pages of this person: a trainee in reach with an open login who works nowhere, and never oneself."""
    if person.merged_into_id is not None or person.pk == by.person_id:
        return False
    login = User.objects.filter(person=person, is_active=True).first()
    if login is None or login.pk == by.pk or not works_nowhere(login):
        return False
    return fenced(Person.objects.filter(pk=person.pk), user=by, act=Act.VIEW_AS_TRAINEE).exists()


@transaction.atomic
def begin_view_as(*, person_id: int, reason: str, by: User) -> ViewAs:
    """Raises `NotToBeSeen`, `ReasonMissing`."""
    person = Person.everyone.select_for_update(of=("self",)).select_related("registered_at").get(pk=person_id)
    if not may_be_seen(person, by=by):
        raise NotToBeSeen
    reason = tidy_line(reason, longest=LONGEST_REASON)
    if not reason:
        raise ReasonMissing
    now = timezone.now()
    center = None if may_everywhere(by, Act.VIEW_AS_TRAINEE) else person.registered_at
    begun = ViewAs.objects.create(
        person=person, by=by, center=center, reason=reason, began_at=now, until=now + VIEW_FOR
    )
    log(person, "accounts.person.begin_view", user=by, data={"reason": reason})
    _notify(begun)
    return begun


@transaction.atomic
def end_view_as(*, view_id: int, by: User) -> ViewAs:
    """Once; who ends it is who began it."""
    view = ViewAs.objects.select_for_update(of=("self",)).select_related("person").get(pk=view_id, by=by)
    if view.ended_at is None:
        # What ran out had ended before.
        view.ended_at = min(timezone.now(), view.until)
        view.save(update_fields=["ended_at"])
        log(view.person, "accounts.person.end_view", user=by)
    return view


def running_view(view_id: object, *, by: User | AnonymousUser) -> ViewAs | None:
    """The view that `by` has now; None where it is over, or may not go on: a role or a login ended since."""
    if not isinstance(by, User) or not isinstance(view_id, int):
        return None
    views = ViewAs.objects.filter(pk=view_id, by=by, ended_at=None, until__gt=timezone.now())
    view: ViewAs | None = views.select_related("person__user", "center").first()
    return view if view is not None and may_be_seen(view.person, by=by) else None


def centers_seen(by: User) -> frozenset[int] | None:
    """The keys of the centers of which `by` sees rows on such pages; None for all."""
    if may_everywhere(by, Act.VIEW_AS_TRAINEE):
        return None
    return frozenset(centers_where(by, Act.VIEW_AS_TRAINEE).values_list("pk", flat=True))


def note_page_seen(view: ViewAs, *, page: str) -> None:
    """`page`: the path alone."""
    log(view.person, "accounts.person.see_page", user=view.by, data={"page": page})


def purge_views() -> int:
    """Delete what is older than `SITE_NOTICE_DAYS`, as the notices about it are. Returns how many."""
    oldest = timezone.now() - dt.timedelta(days=settings.SITE_NOTICE_DAYS)
    old = ViewAs.objects.filter(began_at__lt=oldest).order_by("began_at").values_list("pk", flat=True)
    purged = 0
    while keys := list(old[:ROWS_AT_ONCE]):
        ViewAs.objects.filter(pk__in=keys).delete()
        purged += len(keys)
    return purged


def who_looked(view: ViewAs) -> str:
    """ "Mona Ali, Center of Giza", in the active language."""
    return gettext("%(name)s, %(where)s") % {"name": view.by, "where": _place(view.center)}


def _place(center: Center | None) -> str:
    return center.name if center else gettext("the ministry")


def _notify(view: ViewAs) -> None:
    """In the transaction of the act: there is no view without it."""
    login = User.objects.get(person=view.person)
    with translation.override(login.language), written_in(login.digits):
        facts = {"who": who_looked(view), "date": format_datetime(view.began_at), "reason": view.reason}
        said = gettext(
            "%(who)s looked at your pages on %(date)s. Reason: %(reason)s. They could read and change nothing, and saw"
            " neither your password nor your account."
        )
        row = site_notice(
            about=ViewAs._meta.label_lower,
            notice_id=view.pk,
            receiver=view.person,
            language=login.language,
            subject=gettext("Staff looked at your pages"),
            body=localize_digits(said % facts),
            link=reverse("account"),
        )
    write_site_notices([row])
