"""Undoing a merge, and what keeps merges and notes as they were written."""

import pytest
from django.db import DatabaseError, connection, models, transaction

from accounts.checks import check_merge_rules
from accounts.enums import ContactKind, RoleName
from accounts.models import (
    AuditEntry,
    Center,
    Person,
    PersonNote,
    User,
)
from accounts.services import merge_rules
from accounts.services.contacts import record_contact
from accounts.services.merged_records import (
    NumberGivenSince,
)
from accounts.services.merging import (
    MergeOutOfReach,
    MergeUndone,
    UndoImpossible,
    UndoNeedsReason,
    undo_merge,
)
from accounts.services.notes import NoteEmpty, add_note
from accounts.services.people import OwnRecord
from certificates.services.merging import CertifiedSince
from courses.models import Enrollment
from tests.accounts.people.merging import merged
from tests.factories.accounts import (
    PersonFactory,
    UserFactory,
    staff_member,
)
from tests.factories.certificates import completed_enrollment, issued_for
from tests.factories.courses import CohortFactory, EnrollmentFactory

pytestmark = pytest.mark.django_db
PHONE = "+201012345678"


def test_what_was_added_since_stays_with_the_kept_record(
    kept: Person, duplicate: Person, center: Center, manager: User
):
    before = EnrollmentFactory(person=duplicate, cohort__center=center)
    merge = merged(kept, duplicate, by=manager)
    since = EnrollmentFactory(person=kept, cohort__center=center)

    undo_merge(merge_id=merge.pk, reason="شخصان", by=manager)

    assert list(kept.enrollments.all()) == [since]
    assert list(Enrollment.objects.filter(person=duplicate)) == [before]


def test_a_merge_is_undone_once_with_a_reason_by_who_may_merge(
    kept: Person, duplicate: Person, other_center: Center, manager: User
):
    merge = merged(kept, duplicate, by=manager)
    stranger = staff_member(RoleName.REGISTRAR, other_center)

    with pytest.raises(MergeOutOfReach):
        undo_merge(merge_id=merge.pk, reason="x", by=stranger)
    with pytest.raises(UndoNeedsReason):
        undo_merge(merge_id=merge.pk, reason=" ", by=manager)
    undone = undo_merge(merge_id=merge.pk, reason="شخصان", by=manager)
    with pytest.raises(MergeUndone):
        undo_merge(merge_id=merge.pk, reason="x", by=manager)

    assert (undone.undone_by, undone.undone_for) == (manager, "شخصان")
    # They may turn out to be one after all.
    assert merged(kept, duplicate, by=manager).pk != merge.pk


def test_a_certificate_that_was_issued_since_keeps_its_enrollment(
    kept: Person, center: Center, manager: User
):
    cohort = CohortFactory(center=center)
    enrollment = completed_enrollment(cohort, person__registered_at=center)
    merge = merged(kept, enrollment.person, by=manager)
    issued_for(cohort)

    with pytest.raises(CertifiedSince):
        undo_merge(merge_id=merge.pk, reason="x", by=manager)


def test_a_number_that_another_person_got_since_is_settled_first(
    kept: Person, duplicate: Person, center: Center, manager: User
):
    record_contact(person_id=kept.pk, kind=ContactKind.PHONE, value="01112345678", by=manager)
    record_contact(person_id=duplicate.pk, kind=ContactKind.PHONE, value=PHONE, by=manager)
    merge = merged(kept, duplicate, by=manager)
    record_contact(
        person_id=PersonFactory(registered_at=center).pk, kind=ContactKind.PHONE, value=PHONE, by=manager
    )

    with pytest.raises(NumberGivenSince):
        undo_merge(merge_id=merge.pk, reason="x", by=manager)


def test_what_breaks_a_constraint_refuses_the_whole_undoing(
    kept: Person, duplicate: Person, center: Center, manager: User
):
    enrollment = EnrollmentFactory(person=duplicate, cohort__center=center)
    merge = merged(kept, duplicate, by=manager)
    # As a row does that was being written while the records were merged.
    EnrollmentFactory(person=duplicate, cohort=enrollment.cohort)

    with pytest.raises(UndoImpossible, match="enrollment_once_per_cohort"), transaction.atomic():
        undo_merge(merge_id=merge.pk, reason="x", by=manager)

    merge.refresh_from_db()
    assert merge.undone_at is None
    assert Person.everyone.get(pk=duplicate.pk).merged_into == kept


# What keeps it so


def test_every_relation_to_people_has_a_rule_and_a_new_one_fails_the_check(monkeypatch: pytest.MonkeyPatch):
    assert check_merge_rules(None) == []

    # A field that was just added is one about which nothing was said; those without a name on the other side count, too.
    for relation in (("courses.enrollment", "person"), ("live.presenceminute", "person")):
        monkeypatch.delitem(merge_rules._RULES, relation)

    assert {error.msg.partition(" ")[0] for error in check_merge_rules(None)} == {
        "courses.enrollment.person",
        "live.presenceminute.person",
    }


@pytest.mark.parametrize("rule", merge_rules.merge_rules(), ids=lambda rule: f"{rule.label}.{rule.field}")
def test_rows_that_move_have_numbers_for_keys_and_those_that_stay_a_reason(rule: merge_rules.MergeRule):
    assert rule.because or isinstance(rule.model._meta.pk, models.AutoField)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_personmerge SET reason = 'x'",
        "DELETE FROM accounts_personmerge",
        "UPDATE accounts_mergedrow SET row = 1",
        "DELETE FROM accounts_mergedrow",
        "UPDATE accounts_personnote SET text = 'x'",
        "UPDATE accounts_personnote SET person_id = (SELECT max(id) FROM accounts_person)",
        "DELETE FROM accounts_personnote",
    ],
)
def test_merges_and_notes_are_never_changed(
    kept: Person, duplicate: Person, center: Center, manager: User, statement: str
):
    add_note(person_id=duplicate.pk, text="يحتاج خطًا كبيرًا", by=manager)
    merged(kept, duplicate, by=manager)
    PersonFactory(registered_at=center)

    with pytest.raises(DatabaseError, match="never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# Notes


def test_a_note_belongs_to_the_center_of_the_person_and_moves_with_a_merge(
    kept: Person, duplicate: Person, center: Center, manager: User
):
    note = add_note(person_id=duplicate.pk, text=" يحتاج خطًا كبيرًا ", by=manager)

    merged(kept, duplicate, by=manager)

    note = PersonNote.objects.get()
    assert (note.person, note.center, note.text) == (kept, center, "يحتاج خطًا كبيرًا")
    entry = AuditEntry.objects.get(action="accounts.person_note.add")
    assert note.text not in str(entry.log_entry.data) + entry.log_entry.label


def test_a_note_has_words_and_is_not_about_oneself(kept: Person, manager: User):
    with pytest.raises(NoteEmpty):
        add_note(person_id=kept.pk, text="  ", by=manager)
    with pytest.raises(OwnRecord):
        add_note(person_id=kept.pk, text="x", by=UserFactory(person=kept))
