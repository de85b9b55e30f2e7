"""Questions of files become drafts of the bank: checked first, each once, and nothing dropped without a word."""

import csv
import datetime as dt
import io

import pytest
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.models import ModelLogEntry

from accounts.enums import RoleName
from accounts.models import Center, Membership
from assessment.enums import FileFormat, QuestionKind, QuestionState, RemarkKind
from assessment.errors import (
    FileNotChecked,
    FileOfAnother,
    NothingNewInFile,
    QuestionsNotYours,
)
from assessment.exchange.item import FaultCode, NoteCode, UnsupportedCode
from assessment.exchange_words import OwnCode
from assessment.models import Question, QuestionImport, QuestionPicture
from assessment.services import question_imports
from assessment.services.bank import change_question
from assessment.services.question_imports import purge_files, start_question_import
from courses.enums import ImportStep
from jobs.enums import JobState
from tests.assessment.question_files import (
    GIFT,
    MOODLE,
    brought_in,
    checked,
    counts,
    file_of,
    let_lease_expire,
    places_on_a_picture,
    png,
    remarks,
    uploaded,
    worked,
)
from tests.courses.imports.lists import xlsx_of
from tests.factories.accounts import CenterFactory, staff_member
from tests.factories.bank import LABELS, drafted, published_in, question_in

pytestmark = pytest.mark.django_db

# The statement of the factory, as a file says it in both languages.
BOTH = (
    '<span lang="ar" class="multilang">يُقطع التيار قبل الفتح.</span>'
    '<span lang="en" class="multilang">The current is cut before opening.</span>'
)
STATEMENT = "يُقطع التيار قبل الفتح. {T}\n"


def test_the_check_counts_every_question_and_writes_none(center: Center):
    run = checked(GIFT, owner=center)

    assert run.step == ImportStep.CHECKED
    assert run.questions == run.position == 5
    assert counts(run) == (3, 0, 1, 1)
    assert remarks(run, RemarkKind.FAULT) == [(6, FaultCode.BRACES)]
    assert remarks(run, RemarkKind.UNSUPPORTED) == [(10, UnsupportedCode.DESCRIPTION)]
    assert not Question.objects.exists()


def test_who_read_the_check_has_the_drafts_written(center: Center):
    run = brought_in(GIFT, owner=center, tags=["دفعة ٣"])

    first, second, third = Question.objects.of_the_bank().order_by("pk")
    assert run.step == ImportStep.IMPORTED
    assert counts(run) == (3, 0, 1, 1)
    assert (first.kind, second.kind) == (QuestionKind.SINGLE, QuestionKind.TRUE_FALSE)
    assert third.kind == QuestionKind.ESSAY
    assert first.state == QuestionState.DRAFT
    assert first.owner == center
    assert first.author == first.changed_by == run.uploaded_by
    assert (first.tags, first.difficulty) == (["دفعة ٣", "سلامة"], 4)
    assert (second.tags, second.difficulty) == (["دفعة ٣"], 3)


def test_the_trail_says_who_brought_questions_in_and_no_word_of_them(center: Center):
    run = brought_in(GIFT, owner=center)

    actions = ModelLogEntry.objects.for_instance(run).order_by("pk").values_list("action", flat=True)
    assert list(actions) == [
        "assessment.question_import.upload",
        "assessment.question_import.start",
        "assessment.question_import.finish",
    ]
    assert ModelLogEntry.objects.filter(action="assessment.question.write").count() == 3
    said = str(list(ModelLogEntry.objects.values_list("data", flat=True)))
    assert "التيار" not in said


def test_the_second_run_of_a_file_writes_nothing(center: Center):
    brought_in(GIFT, owner=center)

    run = checked(GIFT, owner=center)

    assert counts(run) == (0, 3, 1, 1)
    with pytest.raises(NothingNewInFile):
        start_question_import(run_id=run.pk, by=run.uploaded_by)


def test_a_corrected_file_brings_what_was_wrong_and_nothing_twice(center: Center):
    brought_in(GIFT, owner=center)

    run = brought_in(GIFT.replace("{=أمبير", "{=أمبير}"), owner=center)

    assert counts(run) == (1, 3, 1, 0)
    assert Question.objects.of_the_bank().count() == 4


def test_what_is_in_force_is_known_although_its_draft_is_another_by_now(center: Center):
    question = published_in(center, drafted("true_false"))
    changed = drafted("true_false", is_true=False)
    change_question(question_id=question.pk, draft=changed, labels=LABELS, by=question.author)

    run = checked(f"{BOTH} {{T}}", owner=center)

    assert counts(run) == (0, 1, 0, 0)


def test_what_the_ministry_published_is_there_for_a_center_and_its_drafts_are_not(center: Center):
    published_in(None, drafted("true_false"))
    question_in(None, drafted("true_false", is_true=False))

    run = checked(f"{BOTH} {{T}}\n\n{BOTH} {{F}}", owner=center)

    assert counts(run) == (1, 1, 0, 0)


def test_another_center_has_its_own_questions(center: Center):
    brought_in(STATEMENT, owner=center)

    run = checked(STATEMENT, owner=CenterFactory())

    assert counts(run) == (1, 0, 0, 0)


def test_a_question_that_is_twice_in_a_file_is_taken_once_and_said_to_be(center: Center):
    run = brought_in(f"{STATEMENT}\n{STATEMENT}", owner=center)

    assert counts(run) == (1, 1, 0, 0)
    assert remarks(run, RemarkKind.REPEATED) == [(3, OwnCode.REPEATED)]
    assert run.remarks.get(kind=RemarkKind.REPEATED).detail == "1"


def test_what_an_item_loses_and_what_may_be_a_slip_is_listed(center: Center):
    run = checked(MOODLE, owner=center, file_format=FileFormat.MOODLE_XML)

    assert counts(run) == (3, 0, 0, 0)
    assert (4, NoteCode.ANSWER_FEEDBACK) in remarks(run, RemarkKind.NOTE)
    of_the_file = dict(run.remarks.filter(line=0).values_list("code", "detail"))
    assert of_the_file == {OwnCode.CATEGORY: "3", OwnCode.TITLE: "3"}
    hinted = checked("التيــار خطر. {T}", owner=center)
    assert [code for _line, code in remarks(hinted, RemarkKind.HINT)] == ["tatweel"]


def test_categories_become_tags_where_the_author_says_so(center: Center):
    run = brought_in(MOODLE, owner=center, file_format=FileFormat.MOODLE_XML, has_category_tags=True)

    assert {tag for row in Question.objects.of_the_bank() for tag in row.tags} == {"السلامة"}
    assert not run.remarks.filter(code=OwnCode.CATEGORY).exists()


def test_texts_that_say_no_language_are_in_the_one_that_the_author_names(center: Center):
    brought_in("Volt {T}", owner=center, language="ar")

    assert list(Question.objects.get().draft["content"]["text"]) == ["ar"]


@pytest.mark.parametrize("kind", ["csv", "csv in Windows-1256", "xlsx"])
def test_a_table_is_read_as_excel_writes_it(center: Center, kind: str):
    rows = [
        ["النوع", "السؤال", "اختيار 1", "اختيار 2", "الإجابة"],
        ["اختيار واحد", "ما الأداة؟", "مفك", "خاتم", "1"],
    ]
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows(rows)
    data = (
        xlsx_of(*rows)
        if kind == "xlsx"
        else file.getvalue().encode("cp1256" if "1256" in kind else "utf-8-sig")
    )

    run = brought_in(data, owner=center, file_format=FileFormat.TABLE)

    assert counts(run) == (1, 0, 0, 0)
    assert Question.objects.get().draft["key"]["weights"] == {"2": "1"}


def test_a_place_on_a_picture_keeps_the_picture_as_this_site_wrote_it(center: Center):
    run = brought_in(places_on_a_picture(), owner=center, file_format=FileFormat.MOODLE_XML)

    picture = QuestionPicture.objects.get()
    stored = Question.objects.get().draft
    assert counts(run) == (1, 0, 0, 0)
    assert stored["content"]["picture"] == {"source": picture.source, "width": 400, "height": 300}
    assert bytes(picture.data).startswith(b"RIFF")
    assert (1, OwnCode.ALT_MISSING) in remarks(run, RemarkKind.NOTE)
    assert counts(checked(places_on_a_picture(), owner=center, file_format=FileFormat.MOODLE_XML)) == (
        0,
        1,
        0,
        0,
    )


def test_the_check_keeps_no_picture(center: Center):
    checked(places_on_a_picture(), owner=center, file_format=FileFormat.MOODLE_XML)

    assert not QuestionPicture.objects.exists()


@pytest.mark.parametrize(("document", "code"), [
    (places_on_a_picture(has_equivalent=False), OwnCode.EQUIVALENT_MISSING),
    (places_on_a_picture(png()[:60]), FaultCode.PICTURE),
    (places_on_a_picture(b"\x89PNG no picture"), FaultCode.PICTURE),
])  # fmt: skip
def test_a_picture_that_is_none_or_has_no_equivalent_is_an_error_at_its_line(
    center: Center, document: str, code: str
):
    run = checked(document, owner=center, file_format=FileFormat.MOODLE_XML)

    assert counts(run) == (0, 0, 0, 1)
    assert remarks(run, RemarkKind.FAULT) == [(1, code)]


def test_knowing_the_name_of_a_kept_picture_shows_it_to_no_one(center: Center):
    brought_in(places_on_a_picture(), owner=center, file_format=FileFormat.MOODLE_XML)
    kept = QuestionPicture.objects.get()
    file = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(file, "PNG")

    brought_in(
        places_on_a_picture(file.getvalue(), name=f"{kept.source}.png"),
        owner=CenterFactory(),
        file_format=FileFormat.MOODLE_XML,
    )

    sources = {row.draft["content"]["picture"]["source"] for row in Question.objects.all()}
    assert len(sources) == 2


def test_no_one_uploads_for_an_owner_whose_questions_they_do_not_write(center: Center):
    instructor = staff_member(RoleName.INSTRUCTOR, center)
    for owner in (CenterFactory(), None):
        with pytest.raises(QuestionsNotYours):
            uploaded(STATEMENT, owner=owner, by=instructor)
    with pytest.raises(QuestionsNotYours):
        uploaded(STATEMENT, owner=center, by=staff_member(RoleName.ASSESSOR, center))


def test_only_who_uploaded_a_file_becomes_the_author_of_its_questions(center: Center):
    run = checked(STATEMENT, owner=center)

    with pytest.raises(FileOfAnother):
        start_question_import(run_id=run.pk, by=staff_member(RoleName.CENTER_MANAGER, center))


def test_a_role_that_ended_meanwhile_writes_nothing(center: Center):
    run = checked(STATEMENT, owner=center)
    start_question_import(run_id=run.pk, by=run.uploaded_by)
    Membership.objects.filter(user=run.uploaded_by).update(role=RoleName.ASSESSOR)

    run = worked(run)

    assert (run.step, run.refusal) == (ImportStep.REFUSED, OwnCode.NOT_ALLOWED)
    assert not Question.objects.exists()


def test_a_file_that_was_exchanged_on_the_disk_is_not_read(center: Center):
    run = checked(STATEMENT, owner=center)
    start_question_import(run_id=run.pk, by=run.uploaded_by)
    file_of(run).write_text("هذا غيره. {T}")

    assert worked(run).refusal == OwnCode.FILE_CHANGED


def test_a_file_is_kept_no_longer_than_it_is_needed(
    center: Center, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        done = brought_in(STATEMENT, owner=center)
        forgotten = checked("هذا غيره. {T}", owner=center)
        nothing_new = checked(STATEMENT, owner=center)
    assert not file_of(done).exists()
    assert not file_of(nothing_new).exists()
    assert file_of(forgotten).exists()

    QuestionImport.objects.update(finished_at=timezone.now() - dt.timedelta(days=8))
    with django_capture_on_commit_callbacks(execute=True):
        purge_files()

    assert not file_of(forgotten).exists()
    with pytest.raises(FileNotChecked):
        start_question_import(run_id=forgotten.pk, by=forgotten.uploaded_by)


def test_a_worker_that_was_stopped_between_batches_goes_on_and_writes_each_once(
    center: Center, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(question_imports, "QUESTIONS_IN_A_BATCH", 2)
    text = "\n\n".join(f"هذه العبارة رقم {number} صحيحة. {{T}}" for number in range(5))
    run = checked(text, owner=center)
    start_question_import(run_id=run.pk, by=run.uploaded_by)
    do_batch, done = question_imports._do_batch, []

    def once(*args: object) -> None:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(args)
        do_batch(*args)

    monkeypatch.setattr(question_imports, "_do_batch", once)
    with pytest.raises(KeyboardInterrupt):
        worked(run)
    run.refresh_from_db()
    assert (run.state, run.position) == (JobState.RUNNING, 4)
    monkeypatch.setattr(question_imports, "_do_batch", do_batch)
    let_lease_expire(run)
    worked(run)
    QuestionImport.objects.update(due_at=timezone.now())

    run = worked(run)

    assert run.step == ImportStep.IMPORTED
    assert counts(run) == (5, 0, 0, 0)
    assert Question.objects.of_the_bank().count() == 5


def test_a_worker_gives_the_job_back_when_its_minute_is_over(center: Center, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(question_imports, "QUESTIONS_IN_A_BATCH", 1)
    monkeypatch.setattr(question_imports, "SECONDS_AT_A_TIME", -1)
    run = uploaded(STATEMENT, owner=center)

    assert question_imports.work_on_file(run_id=run.pk) is None
    run.refresh_from_db()
    assert (run.state, run.position, run.attempts) == (JobState.WAITING, 0, 0)


def test_two_files_with_the_same_question_write_it_once(center: Center):
    first, second = checked(STATEMENT, owner=center), checked(STATEMENT, owner=center)
    for run in (first, second):
        start_question_import(run_id=run.pk, by=run.uploaded_by)

    assert [counts(worked(run)) for run in (first, second)] == [(1, 0, 0, 0), (0, 1, 0, 0)]


def test_a_draft_of_the_form_is_known(center: Center):
    question_in(center, drafted("true_false"))

    run = checked(f"{BOTH} {{T}}", owner=center)

    assert counts(run) == (0, 1, 0, 0)
