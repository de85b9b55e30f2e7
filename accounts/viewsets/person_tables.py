"""Tables of this app on the page of a person: login, guardian, earlier contacts."""

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.enums import Act
from accounts.models import Person, PersonMerge, User
from accounts.scoping import fenced
from accounts.scoping.people import MOST_ROWS, Cell, PersonTable
from accounts.services.formatting import format_date, format_datetime, is_arabic
from accounts.services.number_logins import numbers_that_log_in
from accounts.services.phones import readable_phone
from accounts.services.view_as import who_looked


def own_tables(person: Person, *, user: User) -> list[PersonTable]:
    return [
        login_table(person),
        guardian_table(person, user),
        contact_table(person),
        undone_merge_table(person, user),
        delivery_table(person),
        view_table(person),
    ]


def delivery_table(person: Person) -> PersonTable:
    """The newest mails and short messages to the person, and what became of each."""
    return PersonTable(
        title=_("Messages"),
        headings=(_("sent at"), _("about"), _("channel"), _("state")),
        rows=[
            (
                Cell(format_datetime(delivery.begun_at)),
                Cell(delivery.subject),
                Cell(delivery.get_channel_display()),
                Cell(capfirst(delivery.words)),
            )
            for delivery in person.deliveries.all()[:MOST_ROWS]
        ],
    )


def view_table(person: Person) -> PersonTable:
    """Which staff saw the pages of the person as the person sees them, the newest first."""
    return PersonTable(
        title=_("Who looked at the person's pages"),
        headings=(_("began at"), _("by"), _("reason")),
        rows=[
            (Cell(format_datetime(view.began_at)), Cell(who_looked(view)), Cell(view.reason))
            for view in person.views_by_staff.select_related("by", "center")[:MOST_ROWS]
        ],
    )


def contact_table(person: Person) -> PersonTable:
    """Numbers and addresses, ended ones, too: what was sent there stays explained."""
    return PersonTable(
        title=_("Earlier contacts"),
        headings=(_("number or address"), _("proved"), _("since"), _("until")),
        rows=[
            (
                Cell(contact.value),
                Cell(contact.get_proved_how_display() or "–"),
                Cell(format_date(contact.since)),
                Cell(format_date(contact.until) if contact.until else "–"),
            )
            for contact in person.contacts.exclude(until=None)[:MOST_ROWS]
        ],
    )


def undone_merge_table(person: Person, user: User) -> PersonTable:
    """Merges of this record and another one that were undone, the newest first: both pages tell what happened."""
    undone = PersonMerge.objects.filter(Q(kept=person) | Q(duplicate=person)).exclude(undone_at=None)
    visible = fenced(Person.everyone.all(), user=user, act=Act.VIEW_PEOPLE).values("pk")
    seen = undone.filter(kept__in=visible, duplicate__in=visible)
    rows = seen.select_related("kept", "duplicate", "by", "undone_by").order_by("-undone_at")[:MOST_ROWS]
    return PersonTable(
        title=_("Earlier merges that were undone"),
        headings=(_("other record"), _("merged"), _("reason"), _("undone"), _("reason")),
        rows=[
            _undone(merge, merge.duplicate if merge.kept_id == person.pk else merge.kept) for merge in rows
        ],
        elsewhere=undone.count() - seen.count(),
    )


def _undone(merge: PersonMerge, other: Person) -> tuple[Cell, ...]:
    return (
        Cell(other, reverse("person:inspect", args=[other.pk])),
        Cell(f"{format_date(merge.at)} · {merge.by}"),
        Cell(merge.reason),
        Cell(f"{format_date(merge.undone_at)} · {merge.undone_by}" if merge.undone_at else "–"),
        Cell(merge.undone_for),
    )


def login_table(person: Person) -> PersonTable:
    user = User.objects.filter(person=person).first()
    return PersonTable(
        title=_("Login"),
        headings=(
            _("user name"),
            _("logs in with the number"),
            _("e-mail address"),
            _("active"),
            _("last login"),
        ),
        rows=[
            (
                Cell(user.username or "–"),
                Cell(_numbers(user) or "–"),
                Cell(user.email or "–"),
                Cell(_("yes") if user.is_active else _("no")),
                Cell(format_date(user.last_login) if user.last_login else "–"),
            )
        ]
        if user
        else [],
    )


def _numbers(user: User) -> str:
    comma = "، " if is_arabic() else ", "
    numbers = ((readable_phone(number),) for number in numbers_that_log_in(user))
    return format_html_join(comma, '<bdi dir="ltr">{}</bdi>', numbers)


def guardian_table(person: Person, user: User) -> PersonTable:
    """The guardian, and those whose guardian the person is."""
    related = Person.objects.filter(Q(wards=person) | Q(guardian=person))
    visible = fenced(related, user=user, act=Act.VIEW_PEOPLE)
    return PersonTable(
        title=_("Guardian"),
        headings=(_("name"), _("relation")),
        rows=[
            (
                Cell(other, reverse("person:inspect", args=[other.pk])),
                Cell(_("guardian") if other.pk == person.guardian_id else _("under this guardian")),
            )
            for other in visible.order_by("pk")[:MOST_ROWS]
        ],
        elsewhere=related.exclude(pk__in=visible.values("pk")).count(),
    )
