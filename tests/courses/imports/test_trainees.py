"""Importing trainees: who is registered, what is filled in, what is a fault."""

import datetime as dt

import pytest
from django.core.files.storage import storages
from django.utils import timezone, translation

from accounts.enums import ContactKind, RoleName, Sex
from accounts.models import AuditEntry, Center, Contact, IdentityDocument, Person, User
from accounts.services.audit_verifying import AuditVerification
from accounts.services.identity_documents import find_by_national_id
from accounts.services.people import register_person
from courses.enums import ImportKind, ImportStep
from courses.errors import ImportNotAllowed, ImportNotChecked, NothingToImport, TooManyLists
from courses.imports.columns import sentence
from courses.models import ImportRun
from courses.services import imports
from courses.services.imports import purge_imports, start_import, work_on_import
from jobs.enums import JobState
from jobs.services.recovery import recover
from tests.accounts.people.numbers import mistyped
from tests.courses.imports.lists import (
    ALI,
    HEADINGS,
    MONA,
    checked,
    counts,
    csv_of,
    faults,
    imported,
    let_lease_expire,
    number,
    trainees,
    uploaded,
    xlsx_of,
)
from tests.factories.accounts import MembershipFactory, PersonFactory, TraineeFactory

ALL = (
    "الاسم",
    "الرقم القومي",
    "name in english",
    "تاريخ الميلاد",
    "النوع",
    "المحافظة",
    "المؤهل",
    "الموبايل",
    "email",
)


@pytest.fixture
def by(center: Center) -> User:
    return MembershipFactory(role=RoleName.REGISTRAR, center=center).user


def test_the_check_says_what_the_import_would_do_and_writes_nothing(center: Center, by: User):
    run = checked(csv_of(HEADINGS, MONA, ALI), center=center, by=by)

    assert run.step == ImportStep.CHECKED
    assert counts(run) == (2, 0, 0, 0)
    assert Person.objects.filter(registered_at=center).count() == 0


def test_a_list_registers_people_with_everything_it_says(center: Center, by: User):
    row = (
        *MONA,
        "Mona Ibrahim Hassan",
        "1/1/2004",
        "انثى",
        "القاهره",
        "دبلوم",
        "٠١٠ ١٢٣٤ ٥٦٧٨",
        "Mona@Example.org",
    )

    run = imported(xlsx_of(ALL, row), center=center, by=by)

    assert (run.step, counts(run)) == (ImportStep.IMPORTED, (1, 0, 0, 0))
    document = find_by_national_id(MONA[1])
    assert document is not None
    person = document.person
    assert (person.full_name_ar, person.full_name_en, person.registered_at) == (MONA[0], row[2], center)
    assert (person.birth_date, person.sex, person.education) == (dt.date(2004, 1, 1), Sex.FEMALE, "secondary")
    assert person.residence_governorate and person.residence_governorate.nid_code == "01"
    assert {one.kind: one.value for one in person.contacts.all()} == {
        "phone": "+201012345678",
        "email": "mona@example.org",
    }
    assert person.folded_name == register_person(full_name_ar=MONA[0], full_name_en=row[2], by=by).folded_name
    assert not User.objects.filter(person=person).exists()
    assert person.consents.count() == 0


def test_a_second_import_of_the_same_file_changes_nothing(center: Center, by: User):
    data = csv_of(HEADINGS, MONA, ALI)
    imported(data, center=center, by=by)
    before = AuditEntry.objects.filter(person__isnull=False).count()

    again = checked(data, center=center, by=by)

    assert counts(again) == (0, 0, 2, 0)
    with pytest.raises(NothingToImport):
        start_import(run_id=again.pk, by=by)
    assert AuditEntry.objects.filter(person__isnull=False).count() == before


def test_a_person_on_three_lines_is_one_person_and_the_list_says_so(center: Center, by: User):
    run = imported(csv_of(HEADINGS, MONA, ("منى  ابراهيم حسن السيد", MONA[1]), MONA), center=center, by=by)

    assert counts(run) == (1, 0, 2, 0)
    assert faults(run) == [(3, "", "SameAsLine"), (4, "", "SameAsLine")]
    assert Person.objects.filter(registered_at=center).count() == 1


def test_lines_of_one_person_across_units_are_known_to_each_other(
    center: Center, by: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(imports, "LINES_IN_A_UNIT", 2)
    data = csv_of((*HEADINGS, "phone"), (*MONA, "01012345678"), *[(*row, "") for row in trainees(range(4))],
                  (*MONA, "01012345678"), (*ALI, "01012345678"), ("منى أخرى حسن", MONA[1], ""))  # fmt: skip

    check = checked(data, center=center, by=by)
    run = imported(data, center=center, by=by)

    assert counts(check) == counts(run) == (5, 0, 1, 2)
    assert faults(check) == faults(run)
    assert faults(run) == [(7, "", "SameAsLine"), (8, "phone", "SharedWithLine"), (9, "", "LineDiffers")]


def test_what_is_missing_on_record_is_filled_in_and_nothing_is_replaced(center: Center, by: User):
    imported(csv_of(HEADINGS, MONA, ALI), center=center, by=by)
    headings = (*HEADINGS, "المؤهل", "phone")

    run = imported(csv_of(headings, (*MONA, "دبلوم", "01012345678"), (*ALI, "", "")), center=center, by=by)
    second = checked(
        csv_of(headings, (*MONA, "جامعي", "01112345678"), ("علي آخر", ALI[1], "", "")), center=center, by=by
    )

    assert counts(run) == (0, 1, 1, 0)
    assert counts(second) == (0, 0, 0, 2)
    assert faults(second) == [
        (2, "education", "RegisterDiffers"),
        (2, "phone", "RegisterDiffers"),
        (3, "full_name_ar", "NameNotFull"),
    ]
    mona = Person.objects.get(education="secondary")
    assert [one.value for one in mona.contacts.all()] == ["+201012345678"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("", MONA[1]), [("full_name_ar", "ValueMissing")]),
        ((MONA[0], ""), [("national_number", "NumberMissing")]),
        ((MONA[0], "3.04E+13"), [("national_number", "NumberRounded")]),
        ((MONA[0], "3040101011234"), [("national_number", "WrongLength")]),
        (("Mona Ibrahim", MONA[1]), [("full_name_ar", "NameNotFull")]),
        ((*MONA, "", "2/1/2004"), [("birth_date", "BirthDateDiffers")]),
        ((*MONA, "", "", "ذكر"), [("sex", "SexDiffers")]),
        ((*MONA, "", "", "؟"), [("sex", "SexUnknown")]),
        ((*MONA, "", "", "", "باريس"), [("governorate", "GovernorateUnknown")]),
        ((*MONA, "", "", "", "", "دكتوراه في كل شيء"), [("education", "EducationUnknown")]),
        ((*MONA, "", "", "", "", "", "0212345678", "x"), [("phone", "NotAMobileNumber"), ("email", "BadEmail")]),
        ((*MONA, "x" * 161), [("full_name_en", "ValueTooLong")]),
    ],
)  # fmt: skip
def test_a_fault_names_its_line_and_column(
    center: Center, by: User, row: tuple[str, ...], expected: list[tuple[str, str]]
):
    run = checked(csv_of(ALL, row, ALI), center=center, by=by)

    assert counts(run) == (1, 0, 0, 1)
    assert faults(run) == [(2, column, code) for column, code in expected]


def test_a_passport_needs_its_country(center: Center, by: User):
    headings, born = ("name", "passport", "country", "birth date"), "1990-01-01"
    rows = [
        (MONA[0], "P123456", "SD", born),
        (ALI[0], "P123457", "", born),
        (ALI[0], "P123458", "Sudan", born),
    ]

    run = imported(csv_of(headings, *rows), center=center, by=by)

    assert counts(run) == (1, 0, 0, 2)
    assert faults(run) == [(3, "country", "ValueMissing"), (4, "country", "UnknownCountry")]


def test_a_person_of_another_center_is_not_shown_and_not_changed(
    center: Center, other_center: Center, by: User
):
    stranger = MembershipFactory(role=RoleName.REGISTRAR, center=other_center).user
    imported(csv_of(HEADINGS, MONA), center=other_center, by=stranger)

    run = checked(csv_of((*HEADINGS, "phone"), (*MONA, "01012345678")), center=center, by=by)

    assert (counts(run), faults(run)) == ((0, 0, 0, 1), [(2, "", "RegisteredElsewhere")])
    [fault] = run.faults.all()
    # Such lines of a day are counted.
    assert fault.facts == {"elsewhere": True}


def test_someone_on_record_without_a_number_is_left_to_the_desk(center: Center, by: User):
    register_person(full_name_ar=MONA[0], full_name_en="Mona", registered_at=center, by=by)
    register_person(full_name_ar=ALI[0], birth_date=dt.date(1980, 1, 1), registered_at=center, by=by)

    run = checked(csv_of(HEADINGS, MONA, ALI), center=center, by=by)

    assert (counts(run), faults(run)) == ((1, 0, 0, 1), [(2, "full_name_ar", "MaybeOnRecord")])


def test_a_number_of_another_person_or_login_is_a_fault(center: Center, by: User):
    Contact.objects.create(person=PersonFactory(), kind=ContactKind.PHONE, value="+201012345678")
    TraineeFactory(phone="+201112345678")

    run = checked(
        csv_of((*HEADINGS, "phone"), (*MONA, "01012345678"), (*ALI, "01112345678")), center=center, by=by
    )

    assert faults(run) == [(2, "phone", "ContactOfAnother"), (3, "phone", "ContactOfAnother")]


def test_imported_people_are_in_an_unbroken_audit_trail(center: Center, by: User):
    run = imported(csv_of((*HEADINGS, "phone"), (*MONA, "01012345678")), center=center, by=by)

    person = Person.objects.get(registered_at=center)
    entries = AuditEntry.objects.filter(person=person)
    assert {entry.action for entry in entries} == {
        "accounts.person.register",
        "accounts.identity_document.register",
        "accounts.contact.record",
    }
    assert {(entry.by_id, entry.center_id) for entry in entries} == {(by.pk, center.pk)}
    registered = entries.with_contents().get(action="accounts.person.register").log_entry
    assert registered and registered.data == {"source": run.file_name}
    assert list(AuditVerification().findings()) == []


def test_a_file_is_refused_in_the_language_of_its_reader(center: Center, by: User):
    run = checked(csv_of(("الاسم",), ("منى",)), center=center, by=by)

    assert (run.state, run.step) == (JobState.REFUSED, ImportStep.REFUSED)
    with translation.override("en"):
        assert "national number" in sentence(ImportKind.TRAINEES, run.refusal, run.refusal_facts)
    with translation.override("ar"):
        assert "الرقم القومي" in sentence(ImportKind.TRAINEES, run.refusal, run.refusal_facts)


def test_no_line_changes_the_record_of_the_one_who_brought_the_list(center: Center, by: User):
    imported(csv_of(HEADINGS, MONA), center=center, by=by)
    by.person = Person.objects.get()
    by.save()
    colleague = MembershipFactory(role=RoleName.REGISTRAR, center=center).user
    headings, line = (*HEADINGS, "name in english"), (*MONA, "Mona Ibrahim")
    run = checked(csv_of(headings, line, (*ALI, "")), center=center, by=by)

    start_import(run_id=run.pk, by=colleague)
    work_on_import(run_id=run.pk)

    assert faults(run) == [(2, "", "OwnRecord")]
    assert not Person.objects.get(pk=by.person_id).full_name_en


def test_a_killed_import_goes_on_after_its_last_unit(
    center: Center, by: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(imports, "LINES_IN_A_UNIT", 2)
    run = checked(csv_of(HEADINGS, *trainees(range(5)), trainees([0])[0]), center=center, by=by)
    start_import(run_id=run.pk, by=by)
    done: list[int] = []

    def killed(held: ImportRun, *_: object) -> None:
        if len(done) == 1:
            raise KeyboardInterrupt
        done.append(held.pk)
        do_unit(held, *_)  # type: ignore[arg-type]

    do_unit = imports._do_unit
    with monkeypatch.context() as patched:
        patched.setattr(imports, "_do_unit", killed)
        with pytest.raises(KeyboardInterrupt):
            work_on_import(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.position) == (JobState.RUNNING, 2)

    let_lease_expire(run)
    recover(ImportRun)
    ImportRun.objects.update(due_at=timezone.now())
    work_on_import(run_id=run.pk)

    run.refresh_from_db()
    assert (run.step, counts(run)) == (ImportStep.IMPORTED, (5, 0, 1, 0))
    assert faults(run) == [(7, "", "SameAsLine")]
    assert Person.objects.filter(registered_at=center).count() == 5


def test_an_import_takes_turns_with_what_else_waits(
    center: Center, by: User, monkeypatch: pytest.MonkeyPatch
):
    run = checked(csv_of(HEADINGS, *trainees(range(3))), center=center, by=by)
    start_import(run_id=run.pk, by=by)
    monkeypatch.setattr(imports, "SECONDS_AT_A_TIME", -1)

    assert work_on_import(run_id=run.pk) is None

    run.refresh_from_db()
    assert (run.state, run.attempts) == (JobState.WAITING, 0)


def test_a_file_that_is_no_longer_what_was_checked_is_not_imported(center: Center, by: User):
    run = checked(csv_of(HEADINGS, MONA), center=center, by=by)
    start_import(run_id=run.pk, by=by)
    with storages["private"].open(run.path, "wb") as file:
        file.write(csv_of(HEADINGS, ALI))

    work_on_import(run_id=run.pk)

    run.refresh_from_db()
    assert (run.state, run.refusal) == (JobState.REFUSED, "FileChanged")
    assert not Person.objects.filter(registered_at=center).exists()


def test_only_those_who_register_people_in_the_center_import_there(
    center: Center, other_center: Center, by: User
):
    stranger = MembershipFactory(role=RoleName.REGISTRAR, center=other_center).user
    run = checked(csv_of(HEADINGS, MONA), center=center, by=by)

    with pytest.raises(ImportNotAllowed):
        uploaded(csv_of(HEADINGS, MONA), center=center, by=stranger)
    with pytest.raises(ImportNotAllowed):
        start_import(run_id=run.pk, by=stranger)


def test_a_person_who_lost_the_role_meanwhile_imports_no_more(center: Center, by: User):
    run = checked(csv_of(HEADINGS, MONA), center=center, by=by)
    start_import(run_id=run.pk, by=by)
    by.memberships.all().delete()

    work_on_import(run_id=run.pk)

    run.refresh_from_db()
    assert run.refusal == "NoLongerAllowed"


def test_a_list_is_imported_once(center: Center, by: User):
    run = imported(csv_of(HEADINGS, MONA), center=center, by=by)

    with pytest.raises(ImportNotChecked):
        start_import(run_id=run.pk, by=by)


def test_files_of_old_imports_are_deleted_and_their_counts_kept(
    center: Center, by: User, django_capture_on_commit_callbacks: object
):
    run = imported(csv_of(HEADINGS, MONA), center=center, by=by)
    path = run.path
    ImportRun.objects.update(finished_at=timezone.now() - dt.timedelta(days=31))

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        purge_imports()

    run.refresh_from_db()
    assert (run.path, counts(run)) == ("", (1, 0, 0, 0))
    assert not storages["private"].exists(path)


def test_no_more_faults_are_kept_than_anyone_reads(center: Center, by: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(imports, "MOST_FAULTS", 3)
    monkeypatch.setattr(imports, "LINES_IN_A_UNIT", 2)

    run = checked(csv_of(HEADINGS, *[("", number(place)) for place in range(5)]), center=center, by=by)

    assert (run.faulty, run.faults.count()) == (5, 3)


def test_a_list_that_tries_numbers_is_refused(
    center: Center, other_center: Center, by: User, monkeypatch: pytest.MonkeyPatch
):
    """A name is known and its number is guessed, or any numbers are tried: each day tells as little as one list."""
    monkeypatch.setattr(imports, "ELSEWHERE_A_DAY", 3)
    stranger = MembershipFactory(role=RoleName.REGISTRAR, center=other_center).user
    imported(csv_of(HEADINGS, *trainees(range(5))), center=other_center, by=stranger)

    guesses = checked(
        csv_of(HEADINGS, *[(MONA[0], number(place)) for place in range(10, 13)]), center=center, by=by
    )
    tried = [
        checked(csv_of(HEADINGS, *trainees(places)), center=center, by=by)
        for places in (range(2), range(2, 4))
    ]

    assert [code for _line, _column, code in faults(guesses)] == ["SameNameAsLine"] * 2
    assert faults(tried[0]) == [(2, "", "RegisteredElsewhere"), (3, "", "RegisteredElsewhere")]
    assert (tried[1].state, tried[1].refusal, faults(tried[1])) == (JobState.REFUSED, "TooManyElsewhere", [])


def test_lists_of_a_day_are_counted(center: Center, by: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(imports, "LISTS_A_DAY", 1)
    uploaded(csv_of(HEADINGS, MONA), center=center, by=by)

    with pytest.raises(TooManyLists):
        uploaded(
            csv_of(HEADINGS, ALI),
            center=center,
            by=MembershipFactory(role=RoleName.REGISTRAR, center=center).user,
        )


def test_a_check_digit_that_does_not_fit_is_told_and_the_number_is_kept_as_suspect(center: Center, by: User):
    run = imported(csv_of(HEADINGS, MONA, (ALI[0], mistyped(ALI[1]))), center=center, by=by)

    assert counts(run) == (2, 0, 0, 0)
    assert faults(run) == [(3, "national_number", "CheckDigitUnfit")]
    assert list(IdentityDocument.objects.order_by("pk").values_list("is_suspect", flat=True)) == [False, True]


def test_a_passport_needs_a_date_of_birth_and_a_country_that_there_is(center: Center, by: User):
    headings = ("الاسم", "جواز السفر", "الجنسية", "تاريخ الميلاد")
    rows = [
        (MONA[0], "A1234567", "SD", ""),
        (ALI[0], "B1234567", "ZZ", "1990-01-01"),
        (ALI[0], "C1234567", "SD", "1990-01-01"),
    ]

    run = imported(csv_of(headings, *rows), center=center, by=by)

    assert faults(run) == [(2, "birth_date", "ValueMissing"), (3, "country", "UnknownCountry")]
    assert Person.objects.get(documents__country="SD").birth_date == dt.date(1990, 1, 1)
