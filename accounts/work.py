"""Work of this app on the home page of the workplace (`accounts.scoping.work`)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import (
    Act,
    ContactKind,
    DataRequestKind,
    DataRequestState,
    DocumentKind,
    HandKind,
    MergedRecord,
    RecoveryState,
    RoleName,
)
from accounts.models import (
    AuditEntry,
    Center,
    Contact,
    DataRequest,
    IdentityDocument,
    LoginHand,
    Membership,
    PasswordRecovery,
    Person,
    RoleOffer,
    RoleRequest,
    User,
)
from accounts.models.data_requests import UNDECIDED
from accounts.roles import CONFLICTS
from accounts.scoping import may_everywhere, roles_held
from accounts.scoping.audit import TrailItem, trail_items, with_people
from accounts.scoping.hands import done_for, hands_shown, independent, people_shown
from accounts.scoping.work import DeskWork, Shortcut, Work, WorkItem
from accounts.services.formatting import format_date, format_datetime, format_list, format_since
from accounts.services.offers import offers_for
from accounts.services.recoveries import OPEN_FOR as RECOVERY_OPEN_FOR
from accounts.services.role_requests import OPEN_FOR as ROLE_OPEN_FOR

# A license that ends takes weeks to renew.
LICENSE_ENDS_WITHIN = dt.timedelta(days=60)
_UNKNOWN = Value(dt.date(1, 1, 1))
SENSITIVE_FOR = dt.timedelta(days=7)
MERGES = ("accounts.person.merge", "accounts.person.unmerge")
# What an auditor looks at first: who may do what, who got in by whose hand, what was taken back.
SENSITIVE_ACTIONS = (
    "accounts.membership.give",
    "accounts.membership.end",
    "accounts.deputy.name",
    "accounts.deputy.end",
    "accounts.login.confirm_card",
    "accounts.role_request.give",
    "accounts.login.reset_password",
    "accounts.login.remove_factor",
    "accounts.login.change_number",
    "accounts.recovery.give",
    "accounts.person.begin_view",
    *MERGES,
    "accounts.identity_document.take_out",
    "accounts.identity_document.correct",
    "courses.attendance.amend",
    "courses.progress.correct",
    "courses.enrollment.confirm",
    "courses.cohort.reopen",
    "certificates.fee.waive",
    "certificates.revoke",
    "certificates.propose_revocation",
    "certificates.drop_revocation",
    "certificates.lift_doubt",
    "certificates.suspend",
    "certificates.reinstate",
    "live.phone.show",
)


class OfferedRoles(Work):
    """Of everybody who works here: the rows are the reader's own."""

    name = "offered-roles"
    title = gettext_lazy("A role is offered to you")
    order = 5

    def is_for(self, user: User) -> bool:
        return True

    def lenders(self, user: User) -> frozenset[int]:
        return frozenset()

    def rows(self, user: User) -> QuerySet[RoleOffer]:
        return offers_for(user).order_by("offered_at", "pk")

    def line(self, row: RoleOffer) -> WorkItem:
        role = RoleName(row.role).label
        return WorkItem(_("Read and answer: %(role)s") % {"role": role}, reverse("offers"), str(row.center))


class PasswordRequests(Work):
    name = "password-requests"
    title = gettext_lazy("New passwords, asked for by a colleague")
    help = gettext_lazy("Compare the identity card again, then give the password.")
    roles = frozenset({RoleName.REGISTRAR, RoleName.CENTER_MANAGER, RoleName.MINISTRY_OFFICER})
    act = Act.HELP_TRAINEES_IN
    order = 15

    def rows(self, user: User) -> QuerySet[PasswordRecovery]:
        open_ = PasswordRecovery.objects.filter(
            state=RecoveryState.ASKED, asked_at__gt=timezone.now() - RECOVERY_OPEN_FOR
        )
        # Another person than who asked gives it, and no one to themselves.
        others = open_.exclude(asked_by__in=hands_shown(user)).exclude(user=user)
        works = Membership.objects.current().own().exclude(role=RoleName.TRAINEE)
        of_staff = Q(Exists(works.filter(user=OuterRef("user"))))
        able = works.able_to(Act.HELP_TRAINEES_IN).filter(center=OuterRef("center"))
        # To the ministry goes what no one at the center may give: where there is no independent second person besides the holder, or the
        # holder works elsewhere, too (`accounts.scoping.reach`).
        managers = able.able_to(Act.MANAGE_MEMBERS).exclude(user=OuterRef("user"))
        roles = Membership.objects.current().filter(user=OuterRef("user"))
        is_within = Exists(independent(managers, "asked_by")) & ~Exists(
            roles.exclude(center=OuterRef("center"))
        )
        theirs = (of_staff & is_within) | (~of_staff & Exists(independent(able, "asked_by")))
        if RoleName.MINISTRY_OFFICER in roles_held(user):
            others = others.exclude(theirs)
        elif RoleName.CENTER_MANAGER not in roles_held(user):
            others = others.exclude(of_staff)
        return self.reach(others, user).select_related("user__person", "center").order_by("asked_at", "pk")

    def line(self, row: PasswordRecovery) -> WorkItem:
        return WorkItem(
            str(row.user.person or row.user),
            reverse("lost_passwords:inspect", args=[row.pk]),
            str(row.center or _("whole ministry")),
            format_datetime(row.asked_at, "DAY_TIME_FORMAT"),
        )


class RoleRequests(Work):
    name = "role-requests"
    title = gettext_lazy("Roles, asked for by a colleague")
    help = gettext_lazy("Two people give a role that gives roles to others.")
    roles = frozenset({RoleName.CENTER_MANAGER, RoleName.MINISTRY_OFFICER})
    act = Act.MANAGE_MEMBERS
    order = 16

    def rows(self, user: User) -> QuerySet[RoleRequest]:
        open_ = RoleRequest.objects.filter(
            state=RecoveryState.ASKED, asked_at__gt=timezone.now() - ROLE_OPEN_FOR
        )
        others = open_.exclude(asked_by__in=hands_shown(user)).exclude(user=user)
        return self.reach(others, user).select_related("user", "center").order_by("asked_at", "pk")

    def line(self, row: RoleRequest) -> WorkItem:
        return WorkItem(
            str(row),
            reverse("role_requests:inspect", args=[row.pk]),
            str(row.center or row.get_scope_display()),
            format_since(row.asked_at),
        )


class CardsToCompare(Work):
    """Staff whose card no one compared: they do nothing that takes a second person."""

    name = "cards"
    title = gettext_lazy("Cards of colleagues")
    help = gettext_lazy(
        "Compare the identity card: until then the colleague does not count as a second person. Who made the login does not compare."
    )
    roles = frozenset({RoleName.CENTER_MANAGER, RoleName.MINISTRY_OFFICER})
    act = Act.MANAGE_MEMBERS
    order = 17

    def rows(self, user: User) -> QuerySet[User]:
        works = Membership.objects.current().own().exclude(role=RoleName.TRAINEE)
        cards = LoginHand.objects.filter(kind=HandKind.CARD, login=OuterRef("pk"))
        before = LoginHand.objects.filter(kind=HandKind.BEFORE, login=OuterRef("pk"))
        made = LoginHand.objects.open()
        waiting = User.objects.filter(
            Exists(works.filter(user=OuterRef("pk"))) | Exists(made.filter(login=OuterRef("pk"))),
            ~Exists(cards),
            is_active=True,
        ).exclude(pk__in=hands_shown(user))
        counts_until = Subquery(before.values("counts_from")[:1])
        return self.reach(waiting, user).annotate(counts_until=counts_until).order_by("date_joined", "pk")

    def line(self, row: Any) -> WorkItem:
        until = row.counts_until
        return WorkItem(
            str(row),
            reverse("user:confirm_card", args=[row.pk]),
            _("counts until %(date)s") % {"date": format_date(until)} if until else "",
            format_since(row.date_joined),
        )


class DataRequests(Work):
    """Erasure is decided by two officers of the ministry, a correction by the center that registered the person."""

    name = "data-requests"
    title = gettext_lazy("Requests of people about their data")
    roles = frozenset({RoleName.REGISTRAR, RoleName.CENTER_MANAGER, RoleName.MINISTRY_OFFICER})
    act = Act.MANAGE_PEOPLE
    order = 70

    def rows(self, user: User) -> QuerySet[DataRequest]:
        waiting = DataRequest.objects.filter(state__in=UNDECIDED)
        waiting = waiting.exclude(person__in=people_shown(user))
        if may_everywhere(user, Act.PROTECT_DATA):
            # Another person than the first decides about what was proposed.
            hands = hands_shown(user)
            own = Q(proposed_by__in=hands) | Q(
                done_for(hands, Act.PROTECT_DATA, by="proposed_by", at="proposed_at")
            )
            waiting = waiting.exclude(own, state=DataRequestState.PROPOSED)
        else:
            waiting = waiting.filter(kind=DataRequestKind.CORRECT)
        return self.reach(waiting, user).select_related("person", "proposed_by").order_by("asked_at", "pk")

    def line(self, row: DataRequest) -> WorkItem:
        address = reverse("data_requests:edit", args=[row.pk])
        note = str(row.get_kind_display())
        if row.proposed_by:
            note = _("%(kind)s, proposed by %(who)s") % {"kind": note, "who": row.proposed_by}
        return WorkItem(str(row.person), address, note, format_since(row.asked_at))


class PossibleDuplicates(DeskWork):
    """Two records with the same name whose birth dates agree as far as known. Two cards of one kind tell two people apart."""

    name = "duplicates"
    title = gettext_lazy("Two records that may be of one person")
    help = gettext_lazy("Compare them. If they are two people, record the identity card of both.")
    act = Act.MANAGE_PEOPLE
    order = 66

    def rows(self, user: User) -> QuerySet[Person]:
        people = self.reach(Person.objects.all(), user)
        cards = IdentityDocument.objects.filter(kind=DocumentKind.NATIONAL_ID)
        both_have_cards = Exists(cards.filter(person=OuterRef("pk"))) & Exists(
            cards.filter(person=OuterRef(OuterRef("pk")))
        )
        # A date that is unknown agrees with any.
        mine, theirs = OuterRef("birth_date"), F("birth_date")
        earlier = (
            people.alias(born=Coalesce(theirs, mine, _UNKNOWN, output_field=DateField()))
            .filter(
                born=Coalesce(mine, theirs, _UNKNOWN, output_field=DateField()),
                folded_name=OuterRef("folded_name"),
            )
            .filter(~both_have_cards, pk__lt=OuterRef("pk"))
        )
        rows = people.annotate(other=Subquery(earlier.order_by("pk").values("pk")[:1]))
        return rows.filter(other__isnull=False).select_related("registered_at").order_by("created_at", "pk")

    def line(self, row: Any) -> WorkItem:
        born = format_date(row.birth_date) if row.birth_date else _("date of birth unknown")
        facts = format_list([born, *([str(row.registered_at)] if row.registered_at else [])])
        return WorkItem(
            str(row), reverse("person:merge", args=[row.other, row.pk]), facts, format_since(row.created_at)
        )


class UnfitDigits(DeskWork):
    """Until the number was typed off the card again, the same or another."""

    name = "unfit-digits"
    title = gettext_lazy("National numbers whose check digit does not fit")
    help = gettext_lazy(
        "When the person comes with the card, type its number again. If it is the recorded one, it stays."
    )
    act = Act.MANAGE_PEOPLE
    order = 67

    def rows(self, user: User) -> QuerySet[IdentityDocument]:
        suspect = IdentityDocument.objects.filter(kind=DocumentKind.NATIONAL_ID, is_suspect=True)
        suspect = suspect.exclude(person__in=people_shown(user))
        return self.reach(suspect, user).select_related("person__registered_at").order_by("pk")

    def line(self, row: IdentityDocument) -> WorkItem:
        address = reverse("person:correct_number", args=[row.person_id, row.pk])
        return WorkItem(str(row.person), address, str(row.person.registered_at or ""))


class NumbersTaken(DeskWork):
    """Until a number is recorded again: no one reaches the person meanwhile."""

    name = "numbers-taken"
    title = gettext_lazy("Numbers that a desk recorded as those of another person")
    help = gettext_lazy(
        "Ask the person whether the number is theirs still, and record the one they have. The trail of the other person names the desk."
    )
    act = Act.MANAGE_PEOPLE
    order = 61

    def rows(self, user: User) -> QuerySet[Person]:
        numbers = Contact.objects.filter(person=OuterRef("pk"), kind=ContactKind.PHONE)
        taken = Contact.objects.filter(is_taken=True)
        people = Person.objects.filter(~Exists(numbers.filter(until=None)), pk__in=taken.values("person"))
        last = numbers.filter(is_taken=True).order_by("-until", "-pk").values("until")[:1]
        people = people.annotate(taken_at=Subquery(last)).exclude(user=user)
        return self.reach(people, user).select_related("registered_at").order_by("taken_at", "pk")

    def line(self, row: Any) -> WorkItem:
        return WorkItem(
            str(row),
            reverse("person:edit", args=[row.pk]),
            str(row.registered_at or ""),
            format_since(row.taken_at),
        )


class CenterLicensesEnding(Work):
    name = "center-licenses"
    title = gettext_lazy("Licenses of centers that end or have ended")
    roles = frozenset({RoleName.CENTER_MANAGER, RoleName.MINISTRY_OFFICER})
    act = Act.VIEW_PEOPLE
    order = 80

    def rows(self, user: User) -> QuerySet[Center]:
        last = timezone.localdate() + LICENSE_ENDS_WITHIN
        ending = Center.objects.filter(is_active=True, license_expires_on__lte=last)
        return self.reach(ending, user).order_by("license_expires_on", "pk")

    def lines(self, rows: Sequence[Center], user: User) -> list[WorkItem]:
        # Who may write the new date is led to the form.
        page = "center:edit" if may_everywhere(user, Act.MANAGE_CENTERS) else "center:inspect"
        return [
            WorkItem(
                str(row),
                reverse(page, args=[row.pk]),
                row.license,
                _("until %(date)s") % {"date": format_date(row.license_expires_on)},
            )
            for row in rows
            if row.license_expires_on
        ]


class ConflictingRoles(Work):
    """Pairs of roles that one login holds in one place and that the separation of duties keeps apart."""

    name = "conflicting-roles"
    title = gettext_lazy("People with roles that exclude each other")
    help = gettext_lazy("Read in the trail who gave the role and for which reason.")
    roles = frozenset({RoleName.AUDITOR})
    act = Act.VIEW_AUDIT
    order = 30

    def rows(self, user: User) -> QuerySet[Membership]:
        others = Membership.objects.current().filter(user=OuterRef("user"), pk__lt=OuterRef("pk"))
        # In one place, or where one of both is held above it.
        others = others.filter(Q(center=OuterRef("center")) | Q(center=None) | ~Q(scope=OuterRef("scope")))
        pairs = Q()
        for pair in CONFLICTS:
            one, other = sorted(pair)
            pairs |= Q(role=one, with_roles__contains=[other]) | Q(role=other, with_roles__contains=[one])
        rows = Membership.objects.current().annotate(
            with_roles=ArraySubquery(others.order_by().values("role"))
        )
        return (
            self.reach(rows.filter(pairs), user)
            .select_related("user__person", "center")
            .order_by("since", "pk")
        )

    def line(self, row: Any) -> WorkItem:
        roles = [RoleName(name).label for name in sorted({row.role, *row.with_roles})]
        query = urlencode({"who": row.user.username, "what": "accounts.membership."})
        return WorkItem(
            str(row.user),
            f"{reverse('audit:index')}?{query}",
            f"{format_list(roles)} · {row.center or row.get_scope_display()}",
            format_since(row.since),
        )


class SensitiveActs(Work):
    """The only kind that shows the newest first: it is read, not worked off, and is gone after a week."""

    name = "sensitive-acts"
    title = gettext_lazy("Sensitive acts of the last seven days")
    help = gettext_lazy("The newest first. The audit trail has filters and the export.")
    roles = frozenset({RoleName.AUDITOR})
    act = Act.VIEW_AUDIT
    order = 90

    def rows(self, user: User) -> QuerySet[AuditEntry]:
        # The trail has a merge at both records.
        again = Q(action__in=MERGES, model_entry__data__record=MergedRecord.DUPLICATE)
        newest = AuditEntry.objects.filter(
            ~again, action__in=SENSITIVE_ACTIONS, at__gt=timezone.now() - SENSITIVE_FOR
        )
        return with_people(self.reach(newest, user)).order_by("-pk")

    def lines(self, rows: Sequence[AuditEntry], user: User) -> list[WorkItem]:
        """One query more for each kind of row that the entries name."""
        return [
            WorkItem(
                item.what,
                reverse("audit:inspect", args=[item.number]),
                " · ".join(_parts(item)),
                format_datetime(item.at, "DAY_TIME_FORMAT"),
            )
            for item in trail_items(rows, user=user)
        ]


def _parts(item: TrailItem) -> list[str]:
    """Who, what and where; a row that ends with its center says it itself."""
    parts = [item.who, item.row]
    if not item.row.endswith(item.center):
        parts.append(item.center)
    return [part for part in parts if part]


WORK = (
    OfferedRoles,
    PasswordRequests,
    RoleRequests,
    CardsToCompare,
    DataRequests,
    PossibleDuplicates,
    UnfitDigits,
    NumbersTaken,
    CenterLicensesEnding,
    ConflictingRoles,
    SensitiveActs,
)

SHORTCUTS = (
    Shortcut(
        gettext_lazy("People"), "person:index", "user", frozenset({RoleName.REGISTRAR}), Act.VIEW_PEOPLE
    ),
    Shortcut(
        gettext_lazy("Give a role"),
        "membership:add",
        "key",
        frozenset({RoleName.CENTER_MANAGER}),
        Act.MANAGE_MEMBERS,
    ),
    Shortcut(
        gettext_lazy("Open a center"),
        "center:add",
        "home",
        frozenset({RoleName.MINISTRY_OFFICER}),
        Act.MANAGE_CENTERS,
    ),
    Shortcut(
        gettext_lazy("Audit trail"), "audit:index", "history", frozenset({RoleName.AUDITOR}), Act.VIEW_AUDIT
    ),
)
