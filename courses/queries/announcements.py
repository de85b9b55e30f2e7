"""Messages to trainees: who may write to whom, whom a message reaches and how, and what became of it."""

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Act, ContactKind, DeliveryChannel, NoticeState
from accounts.models import Center, Contact, DeclinedNotice, Person, SiteNotice, User
from accounts.scoping import acts_held_in, centers_where, fenced, may_everywhere
from accounts.scoping.people import MOST_ROWS, Cell, PersonTable, register_person_table
from accounts.services.formatting import format_date
from accounts.services.gateway import sms_gateway
from accounts.services.personal_data import Row, register_personal_data
from courses.enums import AnnouncementKind, AnnouncementScope, AnnouncementState, CohortState, EnrollmentState
from courses.models import Announcement, AnnouncementNotice, Cohort, Enrollment
from courses.queries.timetable import cohorts_taught_by

# Who enrolls people at a center writes to all of its trainees; who only teaches, to those of the own cohorts.
WIDE = Act.ENROLL
SITE, DECLINED, CLOSED, NOWHERE = "site", "declined", "closed", "nowhere"
# How many are looked at together to say how they are reached.
PEOPLE_AT_ONCE = 5000


def centers_to_write_to(user: User) -> QuerySet[Center]:
    """The centers to all of whose trainees `user` may write."""
    return centers_where(user, Act.WRITE_TO_TRAINEES).filter(pk__in=centers_where(user, WIDE).values("pk"))


def cohorts_to_write_to(user: User) -> QuerySet[Cohort]:
    """Those of these centers, and those that `user` teaches."""
    taught = fenced(
        Cohort.objects.filter(pk__in=cohorts_taught_by(user)), user=user, act=Act.WRITE_TO_TRAINEES
    )
    return Cohort.objects.filter(
        Q(center__in=centers_to_write_to(user).values("pk")) | Q(pk__in=taught.values("pk"))
    )


def may_write_to(user: User, cohort: Cohort) -> bool:
    """`cohorts_to_write_to` of one cohort; no query where the roles of the user say it."""
    held = acts_held_in(user, cohort.center)
    if Act.WRITE_TO_TRAINEES not in held:
        return False
    return WIDE in held or cohorts_taught_by(user).filter(cohort=cohort).exists()


def writes_everywhere(user: User) -> bool:
    return may_everywhere(user, Act.WRITE_TO_TRAINEES) and may_everywhere(user, WIDE)


def people_to_write_to(user: User) -> QuerySet[Person]:
    """People of these centers: registered there, or in a cohort to which `user` may write."""
    if writes_everywhere(user):
        return Person.objects.all()
    enrolled = Enrollment.objects.filter(cohort__in=cohorts_to_write_to(user).values("pk"))
    return Person.objects.filter(
        Q(registered_at__in=centers_to_write_to(user).values("pk")) | Q(pk__in=enrolled.values("person"))
    )


def announcements_of(user: User, rows: QuerySet[Announcement]) -> QuerySet[Announcement]:
    """Of `rows` those that `user` wrote, those to cohorts that `user` teaches, and all of the centers above."""
    if writes_everywhere(user):
        return rows
    taught = Cohort.objects.filter(pk__in=cohorts_taught_by(user))
    return rows.filter(
        Q(written_by=user)
        | Q(cohort__in=taught.values("pk"))
        | Q(center__in=centers_to_write_to(user).values("pk"))
    )


def announcements_to(cohort: Cohort, user: User) -> QuerySet[Announcement]:
    """Messages to the whole cohort or to some of it, of those that `user` may see, newest first."""
    chosen = Announcement.enrollments.through.objects.filter(enrollment__cohort=cohort).order_by()
    rows = Announcement.objects.filter(Q(cohort=cohort) | Q(pk__in=chosen.values("announcement")))
    return announcements_of(user, fenced(rows, user=user, act=Act.WRITE_TO_TRAINEES)).order_by(
        "-written_at", "-pk"
    )


def may_write(user: User, announcement: Announcement) -> bool:
    """Whether `user` may write to those whom it is for."""
    match announcement.scope:
        case AnnouncementScope.COHORT:
            return cohorts_to_write_to(user).filter(pk__in=[announcement.cohort_id]).exists()
        case AnnouncementScope.PERSON:
            return people_to_write_to(user).filter(pk__in=[announcement.person_id]).exists()
        case AnnouncementScope.SELECTION:
            within = cohorts_to_write_to(user).values("pk")
            return not announcement.enrollments.exclude(cohort__in=within).exists()
        case _ if announcement.center_id is None:
            return writes_everywhere(user)
        case _:
            return centers_to_write_to(user).filter(pk__in=[announcement.center_id]).exists()


def may_be_urgent(user: User, announcement: Announcement) -> bool:
    """Not by who only teaches there."""
    if writes_everywhere(user):
        return True
    return centers_to_write_to(user).filter(pk__in=[announcement.center_id]).exists()


def recipients_of(announcement: Announcement) -> QuerySet[Person]:
    """Who would get it now: those who learn there, those who were chosen, or the one."""
    if announcement.scope == AnnouncementScope.PERSON:
        return Person.objects.filter(pk=announcement.person_id)
    if announcement.scope == AnnouncementScope.SELECTION:
        return Person.objects.filter(pk__in=announcement.enrollments.order_by().values("person"))
    learning = Enrollment.objects.filter(state=EnrollmentState.ACTIVE).exclude(
        cohort__state=CohortState.CLOSED
    )
    if announcement.center_id is not None:
        learning = learning.filter(cohort__center=announcement.center_id)
    if announcement.program_id is not None:
        learning = learning.filter(cohort__program=announcement.program_id)
    if announcement.cohort_id is not None:
        learning = learning.filter(cohort=announcement.cohort_id)
    return Person.objects.filter(pk__in=learning.order_by().values("person"))


class Reached(NamedTuple):
    """People who are reached alike."""

    way: str
    language: str
    has_login: bool
    people: int


def reach_of(announcement: Announcement) -> list[Reached]:
    """By which channel the receivers would be reached now, as `accounts.services.notices` chooses it.

    One query for all, two more for each `PEOPLE_AT_ONCE` of them, and no more in memory: the database would search sets of 20,000 for
    each person.
    """
    has_gateway = sms_gateway() is not None
    counted: Counter[tuple[str, str, bool]] = Counter()
    # In no order: an order by key makes the database look up everybody who learns again for each chunk.
    rows = recipients_of(announcement).order_by().values_list(*_RECEIVER).iterator(chunk_size=PEOPLE_AT_ONCE)
    for chunk in itertools.batched(rows, PEOPLE_AT_ONCE, strict=False):
        some = [Receiver(*row) for row in chunk]
        contacts = _contacts_of({key for one in some for key in (one.pk, one.guardian) if key})
        declined = _declined_by(announcement, [one.pk for one in some])
        for one in some:
            way = _way_to(one, contacts, has_gateway=has_gateway)
            way = DECLINED if (one.pk, way) in declined else way
            counted[way, one.login_language or one.language, one.login is not None] += 1
    return [Reached(*group, people) for group, people in sorted(counted.items())]


class Receiver(NamedTuple):
    """What decides how a person is reached; that of a login is None where there is none."""

    pk: int
    guardian: int | None
    language: str
    login: int | None
    is_active: bool | None
    email: str | None
    phone: str | None
    login_language: str | None


_RECEIVER = (
    "pk",
    "guardian",
    "language",
    *(f"user__{name}" for name in ("pk", "is_active", "email", "phone", "language")),
)


def _contacts_of(people: Collection[int]) -> dict[int, set[str]]:
    """The kinds of current contacts by person."""
    kinds: dict[int, set[str]] = defaultdict(set)
    found = Contact.objects.current().filter(person__in=people).order_by()
    for person, kind in found.values_list("person", "kind"):
        kinds[person].add(kind)
    return kinds


def _declined_by(announcement: Announcement, people: Collection[int]) -> set[tuple[int, str]]:
    """Who switched announcements off, with the channel; no query where they cannot."""
    if announcement.kind != AnnouncementKind.ORDINARY:
        return set()
    topic = AnnouncementNotice.courtesies[0].topic
    rows = DeclinedNotice.objects.filter(person__in=people, topic=topic).order_by()
    return set(rows.values_list("person", "channel"))


def _way_to(one: Receiver, contacts: Mapping[int, set[str]], *, has_gateway: bool) -> str:
    """The own contacts, those of the guardian where there is no own one, and what the login logs in with."""
    if one.login is not None and not one.is_active:
        return CLOSED
    own = contacts.get(one.pk)
    kinds = own or (contacts.get(one.guardian, set()) if one.guardian else set())
    if one.email or ContactKind.EMAIL in kinds:
        return DeliveryChannel.EMAIL
    if has_gateway and (one.phone or ContactKind.PHONE in kinds):
        return DeliveryChannel.SMS
    return SITE if one.login is not None else NOWHERE


@dataclass(frozen=True)
class Account:
    """What became of an announcement: every receiver is in one of the counts."""

    expected: int
    by_state: Counter[str]
    by_channel: Counter[str]

    @property
    def noted(self) -> int:
        return sum(self.by_state.values())

    @property
    def by_mail(self) -> int:
        return self.by_channel[DeliveryChannel.EMAIL]

    @property
    def by_sms(self) -> int:
        return self.by_channel[DeliveryChannel.SMS]

    @property
    def waiting(self) -> int:
        return self.by_state[NoticeState.WAITING]

    @property
    def handed_over(self) -> int:
        return self.by_state[NoticeState.SENT]

    @property
    def on_site_only(self) -> int:
        return self.by_state[NoticeState.SHOWN] + self.by_state[NoticeState.NOT_WANTED]

    @property
    def failed(self) -> int:
        return self.by_state[NoticeState.FAILED]

    @property
    def unreached(self) -> int:
        return self.by_state[NoticeState.UNREACHED]

    @property
    def stopped(self) -> int:
        """Not told any more: it was canceled before."""
        return self.by_state[NoticeState.DROPPED]

    @property
    def not_noted(self) -> int:
        """For whom it was meant when it was sent, and whose turn did not come."""
        return max(0, self.expected - self.noted)

    @property
    def done(self) -> int:
        return self.noted - self.waiting

    @property
    def percent(self) -> int:
        return min(99, math.floor(100 * self.done / self.expected)) if self.expected else 0


def account_of(announcement: Announcement) -> Account:
    """One query, however many people."""
    rows = (
        announcement.notices.order_by().values_list("state", "delivery__channel").annotate(people=Count("pk"))
    )
    by_state: Counter[str] = Counter()
    by_channel: Counter[str] = Counter()
    for state, channel, people in rows:
        by_state[state] += people
        if state == NoticeState.SENT and channel:
            by_channel[channel] += people
    return Account(announcement.expected, by_state, by_channel)


def how_many_read(announcement: Announcement) -> int:
    """On the site, where it is known."""
    notices = announcement.notices.order_by().values("pk")
    about = AnnouncementNotice._meta.label_lower
    read: int = SiteNotice.objects.filter(about=about, notice__in=notices, read_at__isnull=False).count()
    return read


@register_person_table
def messages_of_person(person: Person, user: User) -> PersonTable:
    """What staff wrote to the person, and whether it arrived."""
    everywhere = AnnouncementNotice.objects.filter(person=person)
    visible = everywhere.filter(
        announcement__in=announcements_of(user, Announcement.objects.all()).order_by().values("pk")
    )
    rows = visible.select_related("announcement__written_by", "delivery").order_by("-pk")[:MOST_ROWS]
    return PersonTable(
        title=_("Messages of staff"),
        headings=(_("Subject"), _("Written by"), _("Written on"), _("State")),
        rows=[
            (
                Cell(
                    notice.announcement.subject_ar,
                    reverse("announcement:inspect", args=[notice.announcement_id]),
                ),
                Cell(notice.announcement.written_by),
                Cell(format_date(notice.created_at)),
                Cell(words_of(notice)),
            )
            for notice in rows
        ],
        elsewhere=everywhere.exclude(pk__in=visible.values("pk")).count(),
    )


def words_of(notice: AnnouncementNotice) -> str:
    """What became of it, for staff."""
    if notice.state == NoticeState.DROPPED:
        return str(_("stopped, because it was canceled"))
    return (
        f"{notice.get_state_display()} · {notice.delivery}" if notice.delivery else notice.get_state_display()
    )


def read_by(notices: Iterable[AnnouncementNotice]) -> dict[int, object]:
    """When each was read on the site, by the key of the notice; None where it was not. One query."""
    label = AnnouncementNotice._meta.label_lower
    rows = SiteNotice.objects.filter(about=label, notice__in=[notice.pk for notice in notices])
    return dict(rows.order_by().values_list("notice", "read_at"))


def may_be_canceled(announcement: Announcement) -> bool:
    return announcement.state == AnnouncementState.SENDING


@register_personal_data("messages_of_staff")
def announcement_rows(person: Person) -> Iterable[Row]:
    named = ("announcement__subject_ar", "announcement__body_ar", "state", "created_at", "sent_at")
    return AnnouncementNotice.objects.filter(person=person).values(*named).iterator()
