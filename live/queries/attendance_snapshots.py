"""The digests of a session's attendance, and whether anything has changed since they were taken."""

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from accounts.models import Center, Person
from accounts.services.merge_history import people_at
from courses.models import AttendanceRecord, ClassSession, Enrollment
from live.models import (
    AttendanceObjection,
    AttendanceSnapshot,
    LiveSession,
    PresenceAnswer,
    PresenceCheck,
    PresenceMinute,
    PresenceReturn,
)
from live.queries.timetable import joint_meetings_of

type Parts = dict[str, Any]

# Kinds of data that hang on the enrollment; the others hang on the person and stay with the record under which they came.
OF_ENROLLMENTS = frozenset({"records", "objections"})


def _plain(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return str(value)


def meetings_of(session: LiveSession) -> list[ClassSession]:
    """The class sessions of the room: of its cohort, and of the cohorts that share it."""
    joint = sorted(joint_meetings_of(session).values(), key=lambda meeting: meeting.pk)
    return [session.class_session, *joint]


def digest(facts: object) -> str:
    """SHA-256 over JSON with sorted keys and no blanks, times as UTC to the microsecond: the same in every process."""
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def parts_of(session: LiveSession, *, at: dt.datetime) -> Parts:
    """Digest all data that the attendance of `session` is computed from; records as of `at`, by whose they were then."""
    meetings = meetings_of(session)
    kinds: dict[str, Iterable[tuple[Any, ...]]] = {
        "records": AttendanceRecord.objects.filter(session__in=meetings, recorded_at__lte=at)
        .order_by("pk")
        .values_list(
            "enrollment",
            "pk",
            "enrollment_id",
            "status",
            "minutes",
            "source",
            "recorded_by_id",
            "reason",
            "amends_id",
            "recorded_at",
        ),
        "beats": PresenceMinute.objects.filter(session=session)
        .order_by("person_id", "device", "minute")
        .values_list("person_id", "device", "minute", "beats", "states", "last_at"),
        "returns": PresenceReturn.objects.filter(session=session)
        .order_by("person_id", "device", "came_at")
        .values_list("person_id", "device", "came_at", "silent_seconds", "since", "replayed_to"),
        "answers": PresenceAnswer.objects.filter(check_asked__session=session)
        .order_by("person_id", "check_asked__number")
        .values_list("person_id", "check_asked__number", "answered_at"),
        "objections": AttendanceObjection.objects.filter(session=session)
        .order_by("pk")
        .values_list(
            "enrollment",
            "enrollment_id",
            "reason",
            "made_by_id",
            "made_at",
            "is_granted",
            "answer",
            "answered_by_id",
            "answered_at",
        ),
    }
    people: dict[str, dict[str, str]] = defaultdict(dict)
    for kind, rows in kinds.items():
        found = [(key, tuple(facts)) for key, *facts in rows]
        person_of = _people_then({key for key, _facts in found}, at=at) if kind in OF_ENROLLMENTS else {}
        of_person: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for key, facts in found:
            of_person[person_of.get(key, key)].append(facts)
        for person_id, facts_of_one in of_person.items():
            people[str(person_id)][kind] = digest(facts_of_one)
    checks = PresenceCheck.objects.filter(session=session).order_by("number")
    return {
        "session": digest(
            [
                *((one.public_id, one.cohort_id, one.starts_at, one.ends_at) for one in meetings),
                session.opened_at,
                session.ended_at,
                session.settings,
            ]
        ),
        "policy": digest(session.attendance_policy),
        "checks": digest(list(checks.values_list("number", "due_at", "asked_at", "seq"))),
        "people": dict(people),
    }


def _people_then(enrollments: set[int], *, at: dt.datetime) -> dict[int, int]:
    """Whose each enrollment was: a merge of two records of one person gives it to the record that is kept."""
    now = dict(Enrollment.objects.filter(pk__in=enrollments).values_list("pk", "person_id"))
    return now | people_at(Enrollment, enrollments, at=at)


def digest_of(snapshot: AttendanceSnapshot) -> str:
    """The digest a link of the chain must carry."""
    return digest(
        [
            snapshot.center_id,
            snapshot.number,
            snapshot.session_id,
            snapshot.policy_version,
            snapshot.previous,
            snapshot.frozen_at,
            snapshot.parts,
        ]
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference from the frozen data; or, as a `note`, a regular amendment made since."""

    snapshot: AttendanceSnapshot
    what: str
    is_note: bool = False


def chain_of(center: Center) -> Iterator[AttendanceSnapshot]:
    links = AttendanceSnapshot.objects.filter(center=center).order_by("number")
    return links.select_related("session__class_session__cohort").iterator(chunk_size=50)


def head_of(center: Center) -> AttendanceSnapshot | None:
    """The last link: a copy of its digest kept elsewhere protects the whole chain."""
    return AttendanceSnapshot.objects.filter(center=center).order_by("-number").first()


def findings_in(center: Center) -> Iterator[Finding]:
    """Compare every link of the center's chain with the current data."""
    number, previous = 0, ""
    for snapshot in chain_of(center):
        number += 1
        if snapshot.number != number or snapshot.previous != previous:
            yield Finding(snapshot, "the chain is broken before this session")
            number = snapshot.number
        if digest_of(snapshot) != snapshot.digest:
            yield Finding(snapshot, "the frozen record itself was changed")
        previous = snapshot.digest
        yield from _changes(snapshot)


def _changes(snapshot: AttendanceSnapshot) -> Iterator[Finding]:
    now = parts_of(snapshot.session, at=snapshot.frozen_at)
    then = snapshot.parts
    for part, what in (
        ("session", "times or settings of the session"),
        ("policy", "the attendance policy"),
        ("checks", "the presence checks"),
    ):
        if now[part] != then[part]:
            yield Finding(snapshot, what)
    changed = [
        (person, kind)
        for person in sorted({*now["people"], *then["people"]}, key=int)
        for kind, _label in KINDS
        if now["people"].get(person, {}).get(kind) != then["people"].get(person, {}).get(kind)
    ]
    names = dict(
        Person.everyone.filter(pk__in=[person for person, _kind in changed]).values_list("pk", "full_name_ar")
    )
    labels = dict(KINDS)
    for person, kind in changed:
        name = names.get(int(person), person)
        yield Finding(snapshot, f"{labels[kind]}: {name} ({person})")
    yield from _since(snapshot)


KINDS = (
    ("records", "attendance record"),
    ("beats", "heartbeats"),
    ("returns", "returns after a silence"),
    ("answers", "answers to presence checks"),
    ("objections", "objection"),
)


def _since(snapshot: AttendanceSnapshot) -> Iterator[Finding]:
    """Records written after the freeze: regular amendments are notes, others are findings."""
    records = list(
        AttendanceRecord.objects.filter(session__in=meetings_of(snapshot.session))
        .select_related("enrollment__person", "recorded_by")
        .order_by("pk")
    )
    amended = {record.amends_id for record in records if record.amends_id}
    for record in records:
        name = record.enrollment.person.full_name_ar
        if record.is_current == (record.pk in amended):
            yield Finding(snapshot, f"which attendance record is the current one: {name}")
        if record.recorded_at <= snapshot.frozen_at:
            continue
        if record.amends_id and record.recorded_by_id and record.reason:
            yield Finding(
                snapshot, f"amended since by {record.recorded_by}: {name}: {record.reason}", is_note=True
            )
        else:
            yield Finding(snapshot, f"attendance record added since, without an amendment: {name}")
