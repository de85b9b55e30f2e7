"""The seats of a cohort. Every seat that is taken, held or freed passes here, with the cohort's row locked."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import Person, User
from accounts.services.formatting import format_date
from courses.enums import (
    CohortState,
    EnrollmentState,
    HoldReason,
    HoldState,
    SeatNoticeKind,
    WaitingState,
    WithdrawalReason,
)
from courses.errors import (
    AlreadyEnrolled,
    AlreadyWaiting,
    CohortFull,
    EnrollmentClosed,
    HoldEnded,
    HoldInThePast,
    HoldTooLong,
    NotOnWaitingList,
    SeatAlreadyHeld,
    SeatsLeft,
    StaffGivesSeats,
    UnprovedSeatsTaken,
)
from courses.models import Cohort, Enrollment, SeatHold, SeatNotice, WaitingEntry
from courses.queries.seats import unproved_seats
from courses.services.locks import locked_cohort, locked_person
from media_pipeline.services.revocations import revoke_playback, viewer_of

# Of the waiting entries that still want a seat.
ON_THE_LIST = (WaitingState.WAITING, WaitingState.OFFERED)
# Of so many seats one may be taken by somebody who signed up alone and proved nothing.
UNPROVED_SHARE = 4
# Cohorts whose holds one run ends.
COHORTS_AT_ONCE = 500


@transaction.atomic
def hold_seat(*, person_id: int, cohort_id: int, until: dt.datetime, by: User, note: str = "") -> SeatHold:
    """Keep a seat free for a person until a time; it may be one of the reserved seats.

    Raises `PersonGone`, `HoldInThePast`, `HoldTooLong`, `AlreadyEnrolled`, `SeatAlreadyHeld`, `EnrollmentClosed`, `CohortFull`.
    """
    person = locked_person(person_id)
    cohort = cohort_with_seats_counted(cohort_id)
    earlier_enrollment(person, cohort)
    check_entry(cohort)
    if open_hold(person_id, cohort):
        raise SeatAlreadyHeld
    # Asked with the lock, for which this may have waited longer than the seat was to be kept.
    now = timezone.now()
    if until <= now:
        raise HoldInThePast
    if timezone.localdate(until) > cohort.last_entry:
        raise HoldTooLong(date=format_date(cohort.last_entry))
    if cohort.seats_free <= 0:
        raise CohortFull
    _use_reserved_seat(cohort)
    hold = _hold(person_id, cohort, HoldReason.STAFF, held_at=now, until=until, note=note)
    log(hold, "courses.hold.make", user=by, data={"cohort": cohort.code, "reason": note})
    return hold


@transaction.atomic
def release_hold(*, hold_id: int, by: User, reason: str = "") -> SeatHold:
    """Free a held seat before its time. It goes to the next on the waiting list. Raises `HoldEnded`."""
    cohort = locked_cohort(SeatHold.objects.values_list("cohort_id", flat=True).get(pk=hold_id))
    hold = SeatHold.objects.select_for_update(no_key=True, of=("self",)).get(pk=hold_id)
    if hold.state != HoldState.HELD:
        raise HoldEnded
    end_hold(hold, cohort, HoldState.RELEASED)
    log(hold, "courses.hold.release", user=by, data={"cohort": cohort.code, "reason": reason.strip()})
    move_up(cohort)
    return hold


@transaction.atomic
def join_waiting_list(*, person_id: int, cohort_id: int, by: User) -> WaitingEntry:
    """Put a person at the end of the waiting list of a full cohort.

    Raises `PersonGone`, `AlreadyEnrolled`, `AlreadyWaiting`, `EnrollmentClosed`, `StaffGivesSeats`, and `SeatsLeft` where one can be had now.
    """
    person = locked_person(person_id)
    cohort = cohort_with_seats_counted(cohort_id)
    earlier_enrollment(person, cohort)
    check_entry(cohort)
    if not cohort.is_self_service:
        raise StaffGivesSeats
    if cohort.waiting.filter(person=person, state__in=ON_THE_LIST).exists():
        raise AlreadyWaiting
    if cohort.seats_left > 0 or open_hold(person_id, cohort):
        raise SeatsLeft
    entry = WaitingEntry.objects.create(cohort=cohort, person=person, since=timezone.now())
    log(entry, "courses.waiting.join", user=by, data={"cohort": cohort.code})
    if not person.is_unproved and _yield_seat(cohort):
        move_up(cohort)
        entry.refresh_from_db()
    return entry


@transaction.atomic
def leave_waiting_list(*, entry_id: int, by: User, reason: str = "") -> WaitingEntry:
    """Take a person off the list; a seat that was offered goes to the next. Raises `NotOnWaitingList`."""
    cohort = locked_cohort(WaitingEntry.objects.values_list("cohort_id", flat=True).get(pk=entry_id))
    entry = WaitingEntry.objects.select_related("hold").get(pk=entry_id)
    if entry.state not in ON_THE_LIST:
        raise NotOnWaitingList
    if entry.hold and entry.hold.state == HoldState.HELD:
        end_hold(entry.hold, cohort, HoldState.RELEASED, entry_state=WaitingState.LEFT)
        move_up(cohort)
    else:
        _end_entry(entry, WaitingState.LEFT)
    facts = {"cohort": cohort.code, "reason": reason.strip()}
    log(entry, "courses.waiting.leave", user=by, data=facts)
    entry.refresh_from_db()
    return entry


def _use_reserved_seat(cohort: Cohort) -> None:
    """What staff give is a reserved seat while there is one."""
    cohort.seats_reserved = max(0, cohort.seats_reserved - 1)


def _count_seats_of(cohort_ids: Iterable[int]) -> None:
    for cohort_id in cohort_ids:
        with transaction.atomic():
            cohort_with_seats_counted(cohort_id)


def expire_holds() -> None:
    """End the holds whose time is over, or whose person has a seat elsewhere by now, and offer their seats to the next in line."""
    cohorts = _idle_holds(SeatHold.objects.all()).order_by().values_list("cohort_id", flat=True).distinct()
    _count_seats_of(list(cohorts[:COHORTS_AT_ONCE]))


def cohort_with_seats_counted(cohort_id: int) -> Cohort:
    """The cohort, locked, after holds that are over were ended and their seats offered to the next in line."""
    cohort = locked_cohort(cohort_id)
    idle = list(_idle_holds(cohort.holds.all()).order_by("until", "pk")) if cohort.seats_held else []
    for hold in idle:
        is_over = hold.until <= timezone.now()
        if is_over:
            end_hold(hold, cohort, HoldState.EXPIRED)
        else:
            end_hold(hold, cohort, HoldState.RELEASED, entry_state=WaitingState.ENROLLED)
        log(hold, "courses.hold.expire", data={"cohort": cohort.code})
    if idle:
        move_up(cohort)
    return cohort


def _idle_holds(holds: QuerySet[SeatHold]) -> QuerySet[SeatHold]:
    active = Enrollment.objects.filter(
        person=OuterRef("person"),
        cohort__program=OuterRef("cohort__program"),
        state=EnrollmentState.ACTIVE,
    )
    over = Q(until__lte=timezone.now()) | Exists(active)
    return holds.filter(over, state=HoldState.HELD)


def take_seat(person: Person, cohort: Cohort, *, is_staff: bool, hold_id: int | None = None) -> None:
    """Count one seat of a locked cohort as taken: the one that is held for the person, else a free one, else that of somebody who signed
    up alone and proved nothing.

    The reserved seats are for staff. Raises `HoldEnded` where `hold_id` names one that is over, `UnprovedSeatsTaken`, `CohortFull`.
    """
    hold = open_hold(person.pk, cohort)
    if hold_id is not None and (hold is None or hold.pk != hold_id):
        raise HoldEnded
    if person.is_unproved and not is_staff and not _has_room_for_unproved(cohort, besides=person.pk):
        raise UnprovedSeatsTaken
    if hold is not None:
        end_hold(hold, cohort, HoldState.USED, entry_state=WaitingState.ENROLLED)
    else:
        is_full = (cohort.seats_free if is_staff else cohort.seats_left) <= 0
        if is_full and (person.is_unproved or not _yield_seat(cohort)):
            raise CohortFull
        if is_staff:
            _use_reserved_seat(cohort)
    cohort.seats_taken += 1
    cohort.save(update_fields=["seats_taken", "seats_held", "seats_reserved"])
    _leave_other_lists([person.pk], cohort)


def _has_room_for_unproved(cohort: Cohort, *, besides: int | None = None) -> bool:
    """People who signed up alone and proved nothing have a quarter of the seats at the most, those that are kept for them included."""
    seats = unproved_seats().filter(cohort=cohort).exclude(person=besides).count()
    holds = (
        cohort.holds.filter(state=HoldState.HELD, person__is_unproved=True).exclude(person=besides).count()
    )
    return seats + holds < max(1, cohort.seats // UNPROVED_SHARE)


def _yield_seat(cohort: Cohort) -> bool:
    """Free the last seat of a locked cohort that somebody took who proved nothing, and tell them; whether there was one.

    No one who may have come to a class loses the seat.
    """
    if cohort.state != CohortState.OPEN:
        return False
    rows = unproved_seats().filter(cohort=cohort).order_by("-enrolled_at", "-pk")
    seat = rows.select_for_update(of=("self",)).first()
    if seat is None:
        return False
    seat.state, seat.withdrawn_for = EnrollmentState.WITHDRAWN, WithdrawalReason.OTHER
    seat.save(update_fields=["state", "withdrawn_for"])
    cohort.seats_taken -= 1
    cohort.save(update_fields=["seats_taken"])
    log(seat, "courses.enrollment.yield", data={"cohort": cohort.code})
    tell(seat.person_id, cohort, SeatNoticeKind.YIELDED)
    for user in User.objects.filter(person=seat.person_id):
        revoke_playback(viewer=viewer_of(user))
    return True


def take_seats(person_ids: Sequence[int], cohort: Cohort, *, holds: Iterable[SeatHold], given: int) -> None:
    """Count seats of a locked cohort as taken: those that are kept for some of the people (`holds`), and free ones, of which staff give
    `given`. The caller has seen that there are as many.
    """
    for hold in holds:
        end_hold(hold, cohort, HoldState.USED, entry_state=WaitingState.ENROLLED)
    cohort.seats_reserved = max(0, cohort.seats_reserved - given)
    cohort.seats_taken += len(person_ids)
    cohort.save(update_fields=["seats_taken", "seats_reserved"])
    _leave_other_lists(person_ids, cohort)


def _leave_other_lists(person_ids: Sequence[int], cohort: Cohort) -> None:
    """A person who waited and got a seat in another way waits no more, in this cohort or in another of the program."""
    waiting = WaitingEntry.objects.filter(
        person__in=person_ids, cohort__program=cohort.program_id, state=WaitingState.WAITING
    )
    waiting.update(state=WaitingState.ENROLLED, ended_at=timezone.now())
    elsewhere = SeatHold.objects.filter(
        person__in=person_ids, cohort__program=cohort.program_id, state=HoldState.HELD
    ).exclude(cohort=cohort)
    if others := sorted(set(elsewhere.values_list("cohort_id", flat=True))):
        # Each with its own lock, so not before this one is free.
        transaction.on_commit(partial(_count_seats_of, others), robust=True)


def free_seat(cohort: Cohort) -> None:
    """Count one seat of a locked cohort as free again, and offer it to the next in line."""
    cohort.seats_taken -= 1
    cohort.save(update_fields=["seats_taken"])
    move_up(cohort)


def move_up(cohort: Cohort) -> list[WaitingEntry]:
    """Offer the free seats of a locked cohort to those who wait longest, and tell them. Reserved seats are not offered."""
    if not cohort.takes_people_today:
        return []
    moved: list[WaitingEntry] = []
    # A person for whom the center keeps a seat keeps the place, too: that seat may not be taken in the end.
    held = SeatHold.objects.filter(cohort=cohort, state=HoldState.HELD)
    waiting = cohort.waiting.filter(state=WaitingState.WAITING).exclude(person__in=held.values("person"))
    in_order = waiting.order_by("person__is_unproved", "since", "pk").select_related("person")
    while cohort.seats_left > 0 and (entry := in_order.first()):
        if entry.person.is_unproved and not _has_room_for_unproved(cohort):
            break
        if _is_enrolled(entry, cohort):
            _end_entry(entry, WaitingState.ENROLLED)
            continue
        now = timezone.now()
        until = _end_of_offer(cohort, now)
        entry.hold = _hold(entry.person_id, cohort, HoldReason.WAITING_LIST, held_at=now, until=until)
        entry.state = WaitingState.OFFERED
        entry.save(update_fields=["hold", "state"])
        log(entry, "courses.waiting.offer", data={"cohort": cohort.code})
        tell(entry.person_id, cohort, SeatNoticeKind.OFFERED, entry.hold)
        moved.append(entry)
    return moved


def close_waiting_list(cohort: Cohort) -> None:
    """End the waiting list and the holds of a locked cohort that gives no seats any more, and tell who waited. `reopen_waiting_list`
    takes it back.
    """
    for hold in cohort.holds.filter(state=HoldState.HELD).order_by("pk"):
        end_hold(hold, cohort, HoldState.RELEASED, entry_state=WaitingState.CLOSED)
        tell(hold.person_id, cohort, SeatNoticeKind.LIST_CLOSED)
    for entry in cohort.waiting.filter(state=WaitingState.WAITING).order_by("since", "pk"):
        _end_entry(entry, WaitingState.CLOSED)
        tell(entry.person_id, cohort, SeatNoticeKind.LIST_CLOSED)


def reopen_waiting_list(cohort: Cohort, *, closed_at: dt.datetime) -> None:
    """Give those back their place whose waiting or offer `close_waiting_list` ended at the closing of a locked cohort, and tell them.

    An offered seat is kept for the time that was left of it. Who has a seat elsewhere in the program by now has none here.
    """
    now = timezone.now()
    for hold in cohort.holds.filter(state=HoldState.RELEASED, ended_at__gte=closed_at, until__gt=closed_at):
        entry = WaitingEntry.objects.filter(hold=hold, state=WaitingState.CLOSED).first()
        if _has_place(hold.person_id, cohort) or not cohort.seats_free:
            continue
        hold.state, hold.ended_at, hold.until = HoldState.HELD, None, now + (hold.until - closed_at)
        hold.save(update_fields=["state", "ended_at", "until"])
        cohort.seats_held += 1
        cohort.save(update_fields=["seats_held"])
        if entry:
            _resume_entry(entry, WaitingState.OFFERED)
        tell(hold.person_id, cohort, SeatNoticeKind.LIST_REOPENED)
    for entry in cohort.waiting.filter(state=WaitingState.CLOSED, ended_at__gte=closed_at).order_by(
        "since", "pk"
    ):
        if not _has_place(entry.person_id, cohort):
            _resume_entry(entry, WaitingState.WAITING)
            tell(entry.person_id, cohort, SeatNoticeKind.LIST_REOPENED)


def _has_place(person_id: int, cohort: Cohort) -> bool:
    """Whether a person learns in the program, or waits for or has an offered seat of the cohort, by now."""
    learns = Enrollment.objects.filter(
        person=person_id, cohort__program=cohort.program_id, state=EnrollmentState.ACTIVE
    )
    waits = cohort.waiting.filter(person=person_id, state__in=(WaitingState.WAITING, WaitingState.OFFERED))
    return learns.exists() or waits.exists()


def _resume_entry(entry: WaitingEntry, state: WaitingState) -> None:
    entry.state, entry.ended_at = state, None
    if state == WaitingState.WAITING:
        entry.hold = None
    entry.save(update_fields=["state", "ended_at", "hold"])


def open_hold(person_id: int, cohort: Cohort) -> SeatHold | None:
    """The seat that is held for a person now. In the very second in which it ends it is over."""
    return cohort.holds.filter(person=person_id, state=HoldState.HELD, until__gt=timezone.now()).first()


def end_hold(
    hold: SeatHold, cohort: Cohort, state: HoldState, *, entry_state: WaitingState = WaitingState.LAPSED
) -> None:
    """End a hold of a locked cohort, and the waiting entry that it was offered to."""
    hold.state, hold.ended_at = state, timezone.now()
    hold.save(update_fields=["state", "ended_at"])
    cohort.seats_held -= 1
    cohort.save(update_fields=["seats_held"])
    entry = WaitingEntry.objects.filter(hold=hold, state=WaitingState.OFFERED).first()
    if entry:
        _end_entry(entry, entry_state)
        if entry_state == WaitingState.LAPSED:
            tell(hold.person_id, cohort, SeatNoticeKind.LAPSED, hold)


def tell(person_id: int, cohort: Cohort, kind: SeatNoticeKind, hold: SeatHold | None = None) -> None:
    """Write a notice; `courses.services.notices` sends it."""
    SeatNotice.objects.create(person_id=person_id, cohort=cohort, kind=kind, hold=hold)


def check_entry(cohort: Cohort) -> None:
    """Raises `EnrollmentClosed` where no seats are given today, free or not."""
    if not cohort.takes_people_today:
        raise EnrollmentClosed


def earlier_enrollment(person: Person, cohort: Cohort) -> Enrollment | None:
    """The person's withdrawn enrollment in `cohort`, to be taken up again, if any. Raises `AlreadyEnrolled`."""
    of_program = person.enrollments.filter(cohort__program=cohort.program_id)
    if of_program.filter(state=EnrollmentState.ACTIVE).exists():
        raise AlreadyEnrolled
    earlier = person.enrollments.filter(cohort=cohort).first()
    if earlier and earlier.state != EnrollmentState.WITHDRAWN:
        raise AlreadyEnrolled
    return earlier


def _is_enrolled(entry: WaitingEntry, cohort: Cohort) -> bool:
    """Whether the person has a seat in the program meanwhile."""
    active = Enrollment.objects.filter(
        person=entry.person_id, cohort__program=cohort.program_id, state=EnrollmentState.ACTIVE
    )
    return active.exists()


def _end_of_offer(cohort: Cohort, now: dt.datetime) -> dt.datetime:
    """No seat is promised for a day on which the cohort gives none."""
    last = dt.datetime.combine(cohort.last_entry, dt.time.max, timezone.get_current_timezone())
    return min(now + dt.timedelta(hours=settings.SEAT_OFFER_HOURS), last)


def _hold(
    person_id: int,
    cohort: Cohort,
    reason: HoldReason,
    *,
    held_at: dt.datetime,
    until: dt.datetime,
    note: str = "",
) -> SeatHold:
    cohort.seats_held += 1
    cohort.save(update_fields=["seats_held", "seats_reserved"])
    return SeatHold.objects.create(
        cohort=cohort,
        person_id=person_id,
        reason=reason,
        note=note.strip(),
        held_at=held_at,
        until=until,
    )


def _end_entry(entry: WaitingEntry, state: WaitingState) -> None:
    entry.state, entry.ended_at = state, timezone.now()
    entry.save(update_fields=["state", "ended_at"])
