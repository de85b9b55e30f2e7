"""Merging two records of one person, and undoing it.

Nothing is deleted: rows move to the record that is kept, each is written down, and the second record leads to the kept one.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Count, Model, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.enums import MergedRecord
from accounts.errors import DomainError
from accounts.models import MergedRow, Person, PersonMerge, User
from accounts.scoping.hands import people_of
from accounts.scoping.reach import reaches_login, reaches_person, works_nowhere
from accounts.services.merge_rules import MergeRule, merge_rules, refusals_to_merge, refusals_to_undo
from accounts.services.merged_records import Change, changes_to, name_of_login
from accounts.services.people import OwnRecord
from accounts.services.sessions import raise_generation
from accounts.services.unproved import empty_login

ROWS_AT_ONCE = 1000


class SameRecord(DomainError):
    message = _("This is one and the same record. Choose the other one.")


class AlreadyMerged(DomainError):
    message = _("“%(person)s” is merged into another record already. Open that record.")


class MergeNeedsReason(DomainError):
    message = _("Write how you know that both records are of one person.")


class MergeOutOfReach(DomainError):
    message = _(
        "A center merges only people who are registered there and used no seat of another center. The ministry merges these."
    )


class StaffOutOfReach(DomainError):
    message = _("“%(person)s” works as staff. Only those who may change that login merge the record.")


class ClosedLoginOutOfReach(DomainError):
    message = _(
        "Both records have a login, and “%(login)s” is closed. Only those who may open it again merge the records: for trainees, the ministry."
    )


class MergeUndone(DomainError):
    message = _("This merge was undone already.")


class UndoNeedsReason(DomainError):
    message = _("Write why these are two people after all.")


class MergedFurther(DomainError):
    message = _("“%(person)s” was merged into another record since. Undo that merge first.")


class UndoImpossible(DomainError):
    message = _(
        "What would go back conflicts with a row that was written since the merge (%(constraint)s). Nothing was changed."
    )


class Moving(NamedTuple):
    """How many rows of one kind a merge would move, or its undoing."""

    model: type[Model]
    number: int

    @property
    def name(self) -> str:
        return str(self.model._meta.verbose_name_plural)


def refusals(kept: Person, duplicate: Person, *, by: User) -> Iterator[DomainError]:
    """Every reason against merging `duplicate` into `kept` now."""
    if kept.pk == duplicate.pk:
        yield SameRecord()
        return
    for record in (kept, duplicate):
        if record.merged_into_id is not None:
            yield AlreadyMerged(person=record.name)
    yield from _out_of_reach(kept, duplicate, by=by)
    yield from refusals_to_merge(kept, duplicate)


def rows_that_would_move(kept: Person, duplicate: Person) -> list[Moving]:
    """What a merge would move, by kind; kinds without a row are left out."""
    counts = (Moving(rule.model, rule.rows_to_move(kept, duplicate).count()) for rule in merge_rules())
    return [moving for moving in counts if moving.number]


def rows_that_go_back(merge: PersonMerge) -> list[Moving]:
    """What undoing would put back, by kind, but for what was changed again or deleted since."""
    records = Q(model=Person._meta.label_lower, row__in=(merge.kept_id, merge.duplicate_id))
    counts = (
        merge.rows.exclude(records)
        .order_by("model")
        .values_list("model")
        .annotate(Count("row", distinct=True))
    )
    return [Moving(apps.get_model(label), count) for label, count in counts]


@transaction.atomic
def merge_people(*, keep_id: int, duplicate_id: int, reason: str, by: User) -> PersonMerge:
    """Give every row of the second record to the one that is kept, and mark the second one as merged.

    The login of the kept record goes on; sessions of a login of the other one end. Facts that the kept record lacks are filled in.
    Raises `SameRecord`, `AlreadyMerged`, `MergeNeedsReason`, `OwnRecord`, `MergeOutOfReach`, `StaffOutOfReach`,
    `ClosedLoginOutOfReach`, and what the apps refuse (`merge_rules.register_merge_guard`).
    """
    records = _lock(keep_id, duplicate_id)
    kept, duplicate = records[keep_id], records[duplicate_id]
    if not (reason := reason.strip()):
        raise MergeNeedsReason
    for refusal in refusals(kept, duplicate, by=by):
        raise refusal
    merge = PersonMerge.objects.create(kept=kept, duplicate=duplicate, reason=reason, by=by)
    logins = list(User.objects.select_for_update(of=("self",)).filter(person=duplicate))
    if kept.is_unproved != duplicate.is_unproved:
        # A record that staff proved does not get the login of one that anybody can have made.
        for login in User.objects.select_for_update(of=("self",)).filter(
            person__in=(kept, duplicate), person__is_unproved=True
        ):
            empty_login(login, by=by)
        _write(merge, Change(kept, {"is_unproved": False}))
    for change in changes_to(kept, duplicate, timezone.now()):
        _write(merge, change)
    for rule in merge_rules():
        _move(merge, rule)
    _write(merge, Change(duplicate, {"merged_into": kept}))
    for login in logins:
        raise_generation(login)
    facts = {"reason": reason, "kept": kept.pk, "duplicate": duplicate.pk, "rows": merge.rows.count()}
    for record, which in ((kept, MergedRecord.KEPT), (duplicate, MergedRecord.DUPLICATE)):
        log(record, "accounts.person.merge", user=by, data={**facts, "record": str(which)})
    return merge


@transaction.atomic
def undo_merge(*, merge_id: int, reason: str, by: User) -> PersonMerge:
    """Put exactly those rows back that the merge moved, where they are as it left them. What was added since stays with the kept record.

    Raises `MergeUndone`, `UndoNeedsReason`, `OwnRecord`, `MergeOutOfReach`, `StaffOutOfReach`, `ClosedLoginOutOfReach`, `MergedFurther`, `UndoImpossible`, and
    what the apps refuse (`merge_rules.register_undo_guard`).
    """
    found = PersonMerge.objects.get(pk=merge_id)
    records = _lock(found.kept_id, found.duplicate_id)
    kept, duplicate = records[found.kept_id], records[found.duplicate_id]
    merge = PersonMerge.objects.select_for_update(of=("self",)).get(pk=merge_id)
    if merge.undone_at is not None:
        raise MergeUndone
    if not (reason := reason.strip()):
        raise UndoNeedsReason
    if kept.merged_into_id is not None:
        raise MergedFurther(person=kept.name)
    for refusal in (*_out_of_reach(kept, duplicate, by=by), *refusals_to_undo(merge)):
        raise refusal
    PersonMerge.objects.filter(pk=merge.pk).update(undone_at=Now(), undone_by=by, undone_for=reason)
    try:
        with transaction.atomic():
            restored = _put_back(merge)
    except IntegrityError as broken:
        raise UndoImpossible(constraint=_constraint_of(broken)) from broken
    for login in User.objects.select_for_update(of=("self",)).filter(person=duplicate):
        raise_generation(login)
    facts = {"reason": reason, "kept": kept.pk, "duplicate": duplicate.pk, "rows": restored}
    for record, which in ((kept, MergedRecord.KEPT), (duplicate, MergedRecord.DUPLICATE)):
        log(record, "accounts.person.unmerge", user=by, data={**facts, "record": str(which)})
    merge.refresh_from_db()
    return merge


def _lock(*keys: int) -> dict[int, Person]:
    """Lock the records in one order. New rows that refer to them wait until the transaction ends."""
    rows = Person.everyone.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    records = {record.pk: record for record in rows}
    for key in keys:
        if key not in records:
            raise Person.DoesNotExist
    return records


def _out_of_reach(kept: Person, duplicate: Person, *, by: User) -> Iterator[DomainError]:
    """Whose records `by` merges.

    The login of the one record opens the rows of the other afterwards. So a center merges only whom it could give a first login: not who
    has one that is closed. Only those who reach the login of someone who works as staff change whose it is.
    """
    if not people_of(by).isdisjoint({kept.pk, duplicate.pk}):
        yield OwnRecord()
    if not all(reaches_person(by, record, is_lent_enough=False) for record in (kept, duplicate)):
        yield MergeOutOfReach()
    logins = list(User.objects.filter(person__in=(kept, duplicate)).select_related("person"))
    for login in logins:
        if reaches_login(by, login):
            continue
        if not works_nowhere(login):
            yield StaffOutOfReach(person=str(login.person))
        elif len(logins) > 1 and not login.is_active:
            yield ClosedLoginOutOfReach(login=name_of_login(login))


def _move(merge: PersonMerge, rule: MergeRule) -> None:
    keys = list(rule.rows_to_move(merge.kept, merge.duplicate).values_list("pk", flat=True))
    before, after = {rule.field: merge.duplicate_id}, {rule.field: merge.kept_id}
    moved = [MergedRow(merge=merge, model=rule.label, row=key, before=before, after=after) for key in keys]
    MergedRow.objects.bulk_create(moved, batch_size=ROWS_AT_ONCE)
    rule.model._base_manager.filter(pk__in=keys).update(**after)


def _write(merge: PersonMerge, change: Change) -> None:
    model = type(change.row)
    columns: dict[str, Any] = {name: model._meta.get_field(name) for name in change.values}
    before = {name: getattr(change.row, column.attname) for name, column in columns.items()}
    after = {name: value.pk if isinstance(value, Model) else value for name, value in change.values.items()}
    merge.rows.create(
        model=model._meta.label_lower, row=change.row.pk, before=_as_json(before), after=_as_json(after)
    )
    model._base_manager.filter(pk=change.row.pk).update(**after)


def _put_back(merge: PersonMerge) -> int:
    """Undo the changes from the last to the first; returns of how many rows. One that was changed again or deleted since stays as it is."""
    rows = merge.rows.order_by("-pk").iterator(ROWS_AT_ONCE)
    restored = 0
    for (label, before, after), alike in groupby(rows, key=lambda row: (row.model, row.before, row.after)):
        model = apps.get_model(label)
        still_so = model._base_manager.filter(pk__in=[row.row for row in alike], **_from_json(model, after))
        restored += still_so.update(**_from_json(model, before))
    return restored


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Moments and dates keep every digit."""
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()
    }


def _from_json(model: type[Model], values: Mapping[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {name: model._meta.get_field(name) for name in values}
    return {
        name: (column.target_field if column.is_relation else column).to_python(values[name])
        for name, column in columns.items()
    }


def _constraint_of(broken: IntegrityError) -> str:
    diagnosis = getattr(broken.__cause__, "diag", None)
    return str(getattr(diagnosis, "constraint_name", "") or "")
