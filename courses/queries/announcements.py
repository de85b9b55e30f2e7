"""Messages to trainees: who may write to whom, whom a message reaches and how, and what became of it."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce
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

# Who enrolls people at a center writes to all of its trainees; who only teaches, to those of the own cohorts.
WIDE = Act.ENROLL
SITE, DECLINED, CLOSED, NOWHERE = "site", "declined", "closed", "nowhere"


def centers_to_write_to(user: User) -> QuerySet[Center]:
    """The centers to all of whose trainees `user` may write."""
    return centers_where(user, Act.WRITE_TO_TRAINEES).filter(pk__in=centers_where(user, WIDE).values("pk"))


def cohorts_to_write_to(user: User) -> QuerySet[Cohort]:
    """Those of these centers, and those that `user` teaches."""
    taught = fenced(Cohort.objects.filter(instructors=user), user=user, act=Act.WRITE_TO_TRAINEES)
    return Cohort.objects.filter(
        Q(center__in=centers_to_write_to(user).values("pk")) | Q(pk__in=taught.values("pk"))
    )


def may_write_to(user: User, cohort: Cohort) -> bool:
    """`cohorts_to_write_to` of one cohort; no query where the roles of the user say it."""
    held = acts_held_in(user, cohort.center)
    if Act.WRITE_TO_TRAINEES not in held:
        return False
    return WIDE in held or cohort.instructors.filter(pk=user.pk).exists()


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
    taught = Cohort.objects.filter(instructors=user)
    return rows.filter(
        Q(written_by=user)
        | Q(cohort__in=taught.values("pk"))
        | Q(center__in=centers_to_write_to(user).values("pk"))
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
    """By which channel the receivers would be reached now, as `accounts.services.notices` chooses it. One query."""
    # Sets of keys, each read once: a subquery for each person would read the contacts as often as there are people.
    people = recipients_of(announcement).order_by()
    own = Contact.objects.current().filter(person__in=people.values("pk"))
    guardians = Contact.objects.current().filter(person__in=people.values("guardian"))

    def has(kind: ContactKind) -> Q:
        """The own contact, that of the guardian where there is no own one, or what the login logs in with."""
        by_own = Q(pk__in=own.filter(kind=kind).order_by().values("person"))
        by_guardian = Q(guardian__in=guardians.filter(kind=kind).order_by().values("person"))
        login = ~Q(**{f"user__{kind}": ""}) & Q(**{f"user__{kind}__isnull": False})
        return by_own | (~Q(pk__in=own.order_by().values("person")) & by_guardian) | login

    ways = [
        When(Q(user__is_active=False), then=Value(CLOSED)),
        When(has(ContactKind.EMAIL), then=Value(str(DeliveryChannel.EMAIL))),
    ]
    if sms_gateway():
        ways.append(When(has(ContactKind.PHONE), then=Value(str(DeliveryChannel.SMS))))
    ways.append(When(user__isnull=False, then=Value(SITE)))
    found = recipients_of(announcement).annotate(
        way=Case(*ways, default=Value(NOWHERE)),
        reads=Coalesce("user__language", "language"),
        has_login=ExpressionWrapper(Q(user__isnull=False), output_field=BooleanField()),
    )
    if announcement.kind == AnnouncementKind.ORDINARY:
        topic = AnnouncementNotice.courtesies[0].topic
        declined = DeclinedNotice.objects.filter(person=OuterRef("pk"), topic=topic)
        is_declined = Exists(declined.filter(channel=OuterRef("way")))
        found = found.annotate(reached_by=Case(When(is_declined, then=Value(DECLINED)), default=F("way")))
    else:
        found = found.annotate(reached_by=F("way"))
    rows = found.order_by().values_list("reached_by", "reads", "has_login").annotate(people=Count("pk"))
    return [Reached(*row) for row in rows]


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
