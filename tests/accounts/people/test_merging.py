"""Merging two records of one person, and undoing it."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.enums import ContactKind, ContactProof, DataRequestKind, DocumentKind, RoleName
from accounts.models import (
    AuditEntry,
    Center,
    Contact,
    DataRequest,
    Person,
    User,
)
from accounts.services.contacts import record_contact
from accounts.services.data_requests import decide_data_request, take_down_request
from accounts.services.duplicates import find_candidates, have_candidates
from accounts.services.identity_documents import register_national_id, register_passport
from accounts.services.logins import LoginOfMergedRecord, reactivate_login
from accounts.services.merged_records import (
    BothHaveLogins,
    ErasureDecided,
    GuardianOfTheOther,
    RequestsOpen,
    TwoNationalNumbers,
)
from accounts.services.merging import (
    AlreadyMerged,
    ClosedLoginOutOfReach,
    MergedFurther,
    MergeNeedsReason,
    MergeOutOfReach,
    SameRecord,
    StaffOutOfReach,
    merge_people,
    undo_merge,
)
from accounts.services.number_recoveries import recoverable_login
from accounts.services.people import OwnRecord
from certificates.models import Credential
from certificates.queries.wallet import wallet_of
from certificates.services.merging import BeingCertified
from courses.enums import EnrollmentState
from courses.models import Enrollment, WaitingEntry
from courses.services.merging import BothInOneCohort, BothInOneProgram
from live.services.merging import ClassGoesOn
from tests.accounts.people.merging import merged, refused
from tests.accounts.people.numbers import national_number
from tests.factories.accounts import (
    MembershipFactory,
    PersonFactory,
    TraineeFactory,
    staff_member,
)
from tests.factories.certificates import completed_enrollment, issued, proposed_for
from tests.factories.courses import CohortFactory, EnrollmentFactory, use
from tests.factories.live import OpenLiveSessionFactory

pytestmark = pytest.mark.django_db
PHONE = "+201012345678"


# What a merge does


def test_rows_go_to_the_kept_record_and_the_second_one_is_in_no_list(
    kept: Person, duplicate: Person, center: Center, manager: User
):
    enrollment = EnrollmentFactory(person=duplicate)
    Enrollment.objects.filter(pk=enrollment.pk).update(cohort=CohortFactory(center=center))

    merge = merged(kept, duplicate, by=manager)

    enrollment.refresh_from_db()
    duplicate = Person.everyone.get(pk=duplicate.pk)
    assert enrollment.person == kept
    assert duplicate.merged_into == kept
    assert not Person.objects.filter(pk=duplicate.pk).exists()
    assert not center.people.filter(pk=duplicate.pk).exists()
    row = merge.rows.get(model="courses.enrollment")
    assert (row.row, row.before, row.after) == (enrollment.pk, {"person": duplicate.pk}, {"person": kept.pk})
    entries = AuditEntry.objects.filter(action="accounts.person.merge", by=manager)
    assert {entry.log_entry.data["record"] for entry in entries} == {"kept", "duplicate"}


def test_a_merged_record_is_no_candidate_at_the_desk_nor_in_an_import(
    kept: Person, duplicate: Person, manager: User
):
    duplicate.full_name_ar, duplicate.folded_name = "زينب علي حسن", "زينب علي حسن"
    duplicate.save()
    asked = [("زينب علي حسن", None, DocumentKind.NATIONAL_ID)]
    assert have_candidates(asked) == {0}

    merged(kept, duplicate, by=manager)

    assert not find_candidates(full_name_ar="زينب علي حسن", birth_date=None, by=manager)
    assert have_candidates(asked) == set()


def test_facts_that_the_kept_record_lacks_are_filled_in_and_others_stay(
    kept: Person, duplicate: Person, manager: User
):
    Person.objects.filter(pk=kept.pk).update(full_name_en="", education="primary")
    Person.objects.filter(pk=duplicate.pk).update(full_name_en="Zeinab", education="higher", sex="female")

    merge = merged(kept, duplicate, by=manager)

    kept.refresh_from_db()
    assert (kept.full_name_en, kept.education, kept.sex) == ("Zeinab", "primary", "female")
    assert "zeinab" in kept.folded_name
    # What was corrected meanwhile stays.
    Person.objects.filter(pk=kept.pk).update(sex="male")
    undo_merge(merge_id=merge.pk, reason="شخصان", by=manager)
    kept.refresh_from_db()
    assert (kept.full_name_en, kept.sex) == ("", "male")


def test_certificates_follow_and_say_what_they_said(kept: Person, center: Center, manager: User):
    credential = issued(CohortFactory(center=center))
    Person.objects.filter(pk=credential.holder_id).update(registered_at=center)
    claims = credential.claims

    merge = merged(kept, credential.holder, by=manager)

    credential = Credential.objects.get()
    assert list(wallet_of(kept)) == [credential]
    assert credential.claims == claims
    undo_merge(merge_id=merge.pk, reason="شخصان", by=manager)
    assert not wallet_of(kept).exists()


def test_a_certificate_changes_its_holder_by_a_merge_only(kept: Person):
    credential = issued()

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Credential.objects.filter(pk=credential.pk).update(holder=kept)


def test_merging_in_a_row_leads_to_the_last_record_and_is_undone_from_the_last(
    kept: Person, duplicate: Person, center: Center, manager: User
):
    third = PersonFactory(registered_at=center)
    first = merged(kept, duplicate, by=manager)
    second = merged(third, kept, by=manager)

    assert Person.everyone.get(pk=duplicate.pk).merged_into == third
    with pytest.raises(MergedFurther):
        undo_merge(merge_id=first.pk, reason="x", by=manager)
    undo_merge(merge_id=second.pk, reason="x", by=manager)
    undo_merge(merge_id=first.pk, reason="x", by=manager)
    assert Person.objects.filter(pk__in=[kept.pk, duplicate.pk, third.pk]).count() == 3


def test_the_number_of_the_kept_record_goes_on_and_a_second_one_ends(
    kept: Person, duplicate: Person, manager: User
):
    own = record_contact(person_id=kept.pk, kind=ContactKind.PHONE, value=PHONE, by=manager)
    other = record_contact(person_id=duplicate.pk, kind=ContactKind.PHONE, value="01112345678", by=manager)

    merged(kept, duplicate, by=manager)

    other.refresh_from_db()
    assert list(Contact.objects.current().filter(person=kept)) == [own]
    assert (other.person, other.until is None) == (kept, False)


# Logins: a merge opens the account of no other person


def test_the_login_of_the_second_record_goes_on_where_the_kept_one_has_none_and_its_sessions_end(
    kept: Person, duplicate: Person, manager: User
):
    user = TraineeFactory(person=duplicate)

    merge = merged(kept, duplicate, by=manager)

    user.refresh_from_db()
    assert (user.person, user.session_generation) == (kept, 1)
    undo_merge(merge_id=merge.pk, reason="شخصان", by=manager)
    user.refresh_from_db()
    assert (user.person, user.session_generation) == (duplicate, 2)


def test_two_logins_are_refused_until_that_of_the_second_record_is_closed(
    kept: Person, duplicate: Person, manager: User, officer: User
):
    goes_on, other = TraineeFactory(person=kept), TraineeFactory(person=duplicate)
    refusal = refused(BothHaveLogins, kept, duplicate, by=manager)
    assert other.username in str(refusal)
    # The other record has a login, too: keeping it instead is refused alike.
    assert "السجل الآخر" not in str(refusal)
    User.objects.filter(pk=other.pk).update(is_active=False)
    # Else one member of staff would give the rows of the closed login to a login that they gave themselves.
    refused(ClosedLoginOutOfReach, kept, duplicate, by=manager)

    merged(kept, duplicate, by=officer)

    goes_on.refresh_from_db()
    other.refresh_from_db()
    assert (goes_on.person, other.person_id, other.is_active) == (kept, duplicate.pk, False)
    with pytest.raises(LoginOfMergedRecord):
        reactivate_login(user_id=other.pk, reason="x", by=officer)


def test_a_number_that_was_proved_with_the_one_login_does_not_recover_the_other(
    kept: Person, duplicate: Person, manager: User, officer: User
):
    victim = TraineeFactory(person=kept)
    TraineeFactory(person=duplicate, is_active=False)
    record_contact(
        person_id=duplicate.pk, kind=ContactKind.PHONE, value=PHONE, proved_how=ContactProof.CODE, by=manager
    )

    merge = merged(kept, duplicate, by=officer)

    assert victim.is_active
    assert recoverable_login(PHONE) is None
    undo_merge(merge_id=merge.pk, reason="شخصان", by=officer)
    assert Contact.objects.get().proved_how == ContactProof.CODE


def test_a_seat_that_another_center_gave_and_ended_does_not_hinder_a_merge(
    kept: Person, duplicate: Person, other_center: Center, manager: User
):
    EnrollmentFactory(
        person=duplicate, cohort__center=other_center, state=EnrollmentState.WITHDRAWN, withdrawn_for="other"
    )

    assert merged(kept, duplicate, by=manager).by == manager


def test_a_center_merges_no_one_who_used_a_seat_elsewhere(
    kept: Person, duplicate: Person, other_center: Center, manager: User, officer: User
):
    use(EnrollmentFactory(person=duplicate, cohort__center=other_center))
    refused(MergeOutOfReach, kept, duplicate, by=manager)

    assert merged(kept, duplicate, by=officer).by == officer


def test_a_person_of_another_center_is_merged_by_the_ministry_only(
    kept: Person, other_center: Center, manager: User
):
    elsewhere = PersonFactory(registered_at=other_center)

    refused(MergeOutOfReach, kept, elsewhere, by=manager)
    refused(MergeOutOfReach, elsewhere, kept, by=manager)


def test_who_approves_certificates_becomes_no_other_person(
    kept: Person, duplicate: Person, center: Center, officer: User
):
    approver = TraineeFactory(person=duplicate)
    MembershipFactory(user=approver, role=RoleName.CERTIFYING_OFFICER, center=center)

    refused(StaffOutOfReach, kept, duplicate, by=officer)


def test_the_own_record_is_merged_by_a_colleague(kept: Person, duplicate: Person, center: Center):
    registrar = MembershipFactory(
        user=TraineeFactory(person=duplicate), role=RoleName.REGISTRAR, center=center
    ).user

    refused(OwnRecord, kept, duplicate, by=registrar)
    refused(OwnRecord, duplicate, kept, by=registrar)


# What is refused


def test_a_record_is_not_merged_with_itself_nor_twice_nor_without_a_reason(
    kept: Person, duplicate: Person, center: Center, manager: User
):
    refused(SameRecord, kept, kept, by=manager)
    with pytest.raises(MergeNeedsReason):
        merge_people(keep_id=kept.pk, duplicate_id=duplicate.pk, reason="  ", by=manager)
    merged(kept, duplicate, by=manager)

    for other in ((kept, duplicate), (duplicate, PersonFactory(registered_at=center))):
        with pytest.raises(AlreadyMerged):
            merged(*other, by=manager)


def test_two_national_numbers_are_two_people_and_a_passport_beside_one_is_not(
    kept: Person, duplicate: Person, manager: User
):
    born = dt.date(1999, 4, 7)
    register_national_id(person_id=kept.pk, number=national_number(born), by=manager)
    register_passport(person_id=duplicate.pk, number="A1234567", country="SD", by=manager)
    wrong = register_national_id(person_id=duplicate.pk, number=national_number(born, serial=2), by=manager)

    refusal = refused(TwoNationalNumbers, kept, duplicate, by=manager)

    assert wrong.last4 in str(refusal)
    wrong.delete()
    merged(kept, duplicate, by=manager)
    assert kept.documents.count() == 2


@pytest.mark.parametrize("state", EnrollmentState.values)
def test_two_enrollments_in_one_cohort_are_refused_by_its_name(
    kept: Person, duplicate: Person, center: Center, manager: User, state: str
):
    cohort = CohortFactory(center=center)
    EnrollmentFactory(person=kept, cohort=cohort)
    facts = {"completed_at": timezone.now()} if state == EnrollmentState.COMPLETED else {}
    EnrollmentFactory(person=duplicate, cohort=cohort, state=state, **facts)

    assert cohort.code in str(refused(BothInOneCohort, kept, duplicate, by=manager))


def test_a_seat_and_a_place_on_the_waiting_list_of_one_cohort_are_refused(
    kept: Person, duplicate: Person, center: Center, manager: User
):
    cohort = CohortFactory(center=center)
    EnrollmentFactory(person=kept, cohort=cohort)
    WaitingEntry.objects.create(person=duplicate, cohort=cohort, since=timezone.now())

    refused(BothInOneCohort, kept, duplicate, by=manager)


def test_two_who_learn_in_one_program_now_are_refused(
    kept: Person, duplicate: Person, center: Center, manager: User
):
    first = CohortFactory(center=center)
    EnrollmentFactory(person=kept, cohort=first)
    EnrollmentFactory(person=duplicate, cohort=CohortFactory(center=center, program=first.program))

    refused(BothInOneProgram, kept, duplicate, by=manager)


def test_guardian_and_ward_are_two_people(kept: Person, duplicate: Person, manager: User):
    Person.objects.filter(pk=duplicate.pk).update(guardian=kept)

    refused(GuardianOfTheOther, kept, duplicate, by=manager)
    refused(GuardianOfTheOther, duplicate, kept, by=manager)


def test_the_same_request_open_for_both_is_answered_first(kept: Person, duplicate: Person, manager: User):
    for person in (kept, duplicate):
        DataRequest.objects.create(person=person, kind=DataRequestKind.CORRECT)

    refused(RequestsOpen, kept, duplicate, by=manager)


def test_what_one_decided_to_erase_is_not_merged_with_what_nobody_decided_to_erase(
    kept: Person, duplicate: Person, manager: User
):
    officers = [staff_member(RoleName.MINISTRY_OFFICER) for _ in range(2)]
    asked = take_down_request(person_id=duplicate.pk, kind=DataRequestKind.ERASE, text="x", by=manager)
    decide_data_request(request_id=asked.pk, is_done=True, answer="x", by=officers[0])

    refused(ErasureDecided, kept, duplicate, by=manager)
    refused(ErasureDecided, duplicate, kept, by=manager)
    decide_data_request(request_id=asked.pk, is_done=False, answer="x", by=officers[1])
    merged(kept, duplicate, by=manager)


def test_while_a_certificate_is_being_decided_neither_is_merged(kept: Person, center: Center, manager: User):
    cohort = CohortFactory(center=center)
    enrollment = completed_enrollment(cohort, person__registered_at=center)
    proposed_for(cohort)

    refused(BeingCertified, kept, enrollment.person, by=manager)
    refused(BeingCertified, enrollment.person, kept, by=manager)


def test_while_a_class_goes_on_neither_is_merged(kept: Person, center: Center, manager: User):
    session = OpenLiveSessionFactory(class_session__cohort__center=center)
    enrollment = EnrollmentFactory(cohort=session.class_session.cohort, person__registered_at=center)

    refused(ClassGoesOn, kept, enrollment.person, by=manager)
    refused(ClassGoesOn, enrollment.person, kept, by=manager)
