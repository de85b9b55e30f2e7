"""Questions are taken out of the bank as files: what is in them, and who may."""

import io
import zipfile

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from accounts.enums import RoleName
from accounts.models import Center, User
from assessment.enums import FileFormat, RemarkKind, TakenOutAs
from assessment.exchange import gift, moodle_xml, qti
from assessment.exchange.item import UnwritableCode
from assessment.exchange_words import UNWRITABLE
from assessment.models import Question, QuestionImport, QuestionPicture
from assessment.services import taking_out
from assessment.services.bank import Labels
from tests.assessment.question_files import (
    brought_in,
    counts,
    places_on_a_picture,
    sent,
    signed_in,
    taken,
    worked,
)
from tests.factories.accounts import CenterFactory, staff_member
from tests.factories.bank import TYPED, drafted, published_in, question_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(center: Center) -> User:
    return staff_member(RoleName.INSTRUCTOR, center)


@pytest.mark.parametrize("taken_out_as", list(TakenOutAs))
def test_what_is_taken_out_is_brought_in_again_without_a_change(
    center: Center, writer: User, taken_out_as: TakenOutAs
):
    for kind in TYPED:
        question_in(center, drafted(kind), by=writer)
    published_in(None)
    client = signed_in(writer)

    answer = taken(client, taken_out_as)
    data = answer.content
    if taken_out_as == TakenOutAs.CSV and data.startswith(b"PK"):
        data = zipfile.ZipFile(io.BytesIO(data)).read("questions.csv")
    sent(client, data, center=center, name="again")
    run = worked(QuestionImport.objects.get())

    held = {"gift": 8, "moodle_xml": 11, "qti": 9, "csv": 11, "xlsx": 11}[taken_out_as]
    assert counts(run) == (0, held, 0, 0)
    assert not run.remarks.exclude(kind__in=[RemarkKind.HINT, RemarkKind.REPEATED]).exists()


def test_a_place_on_a_picture_comes_back_with_its_picture(center: Center, writer: User):
    brought_in(places_on_a_picture(), owner=center, by=writer, file_format=FileFormat.MOODLE_XML)
    client = signed_in(writer)

    data = taken(client, "moodle_xml").content
    sent(client, data, center=center)
    run = worked(QuestionImport.objects.latest("pk"))

    assert moodle_xml.read(data).items[0].pictures
    assert counts(run) == (0, 1, 0, 0)
    assert QuestionPicture.objects.count() == 1


def test_what_a_format_cannot_hold_is_said_before_and_in_the_file(center: Center, writer: User):
    question = question_in(center, drafted("numeric"), by=writer)
    question_in(center, drafted("true_false"), by=writer)
    client = signed_in(writer)
    title = "كم أمبيرًا؟"

    page = client.get(reverse("bank:take_out"), {"as": "gift"}).text
    files = {one: taken(client, one).content for one in ("gift", "qti")}

    assert reverse("bank:inspect", args=[question.pk]) in page
    assert str(UNWRITABLE[UnwritableCode.UNITS]) in page or str(UNWRITABLE[UnwritableCode.NOT_HELD]) in page
    assert title in files["gift"].decode()
    assert len(gift.read(files["gift"]).items) == gift.read(files["gift"]).count == 1
    listed = zipfile.ZipFile(io.BytesIO(files["qti"])).read("not-in-this-file.txt").decode()
    assert title in listed
    assert len(qti.read(files["qti"]).items) == qti.read(files["qti"]).count == 1


@pytest.mark.parametrize("taken_out_as", ["csv", "xlsx"])
def test_a_table_lists_what_it_cannot_hold_and_computes_nothing(
    center: Center, writer: User, taken_out_as: str
):
    text = '=HYPERLINK("http://evil") صح؟'
    question_in(center, drafted("true_false", text={"ar": text, "en": ""}), by=writer)
    brought_in(places_on_a_picture(), owner=center, by=writer, file_format=FileFormat.MOODLE_XML)

    data = taken(signed_in(writer), taken_out_as).content

    archive = zipfile.ZipFile(io.BytesIO(data))
    if taken_out_as == "csv":
        assert "'=HYPERLINK" in archive.read("questions.csv").decode()
        assert "أين القاطع" in archive.read("not-in-this-file.txt").decode()
    else:
        assert b"<f>" not in b"".join(archive.read(name) for name in archive.namelist())
        others = load_workbook(io.BytesIO(data)).worksheets[1]
        assert "أين القاطع" in str([cell.value for cell in others["A"]])


def test_the_list_is_taken_out_as_it_is_filtered(center: Center, writer: User):
    question_in(center, drafted("true_false"), labels=Labels(tags=["لوحات"]), by=writer)
    question_in(center, drafted("single"), by=writer)
    client = signed_in(writer)

    by_tag = gift.read(taken(client, "gift", tag="لوحات").content)
    by_words = gift.read(taken(client, "gift", q="خطوة").content)

    assert [item.kind for item in by_tag.items] == ["true_false"]
    assert [item.kind for item in by_words.items] == ["single"]


def test_who_took_keys_out_is_in_the_trail_with_the_filters(center: Center, writer: User):
    question_in(center, drafted("numeric"), by=writer)
    client = signed_in(writer)

    client.get(reverse("bank:take_out"), {"as": "gift"})
    assert not ModelLogEntry.objects.filter(action="assessment.bank.take_out").exists()
    answer = taken(client, "gift", kind="numeric")

    entry = ModelLogEntry.objects.get(action="assessment.bank.take_out")
    assert entry.user == writer
    assert entry.data == {
        "list": "assessment.Question",
        "format": "gift",
        "filters": {"kind": "numeric"},
        "rows": 0,
        "left_out": 1,
    }
    assert "no-store" in answer["Cache-Control"]


def test_a_get_never_sends_the_file(center: Center, writer: User):
    question_in(center, drafted("single"), by=writer)

    answer = signed_in(writer).get(reverse("bank:take_out"), {"as": "gift", "export": "csv"})

    assert answer["Content-Type"].startswith("text/html")


def test_a_center_takes_out_what_the_ministry_published_and_no_draft_of_it(center: Center, writer: User):
    published = published_in(None, drafted("true_false"))
    question_in(None, drafted("single"))
    Question.objects.filter(pk=published.pk).update(
        draft=drafted("true_false", text={"ar": "مسودة سرية", "en": ""})._asdict()
    )
    question_in(CenterFactory(), drafted("ordering"))

    said = taken(signed_in(writer), "gift").content.decode()
    own = taken(
        signed_in(staff_member(RoleName.MINISTRY_OFFICER)), "gift", kind="true_false"
    ).content.decode()

    assert [item.kind for item in gift.read(said.encode()).items] == ["true_false"]
    assert "سرية" not in said
    assert "سرية" in own


@pytest.mark.parametrize("role", [RoleName.REGISTRAR, RoleName.AUDITOR])
def test_who_may_not_read_keys_takes_none_out(center: Center, role: RoleName):
    question_in(center)
    client = signed_in(staff_member(role, center))

    assert client.get(reverse("bank:take_out"), {"as": "gift"}).status_code == 404
    assert taken(client, "gift").status_code == 404


def test_a_list_that_is_too_long_is_narrowed_first(
    center: Center, writer: User, monkeypatch: pytest.MonkeyPatch
):
    for kind in ("single", "true_false"):
        question_in(center, drafted(kind), by=writer)
    client = signed_in(writer)
    monkeypatch.setattr(taking_out, "MOST_QUESTIONS", 1)

    answers = [client.get(reverse("bank:take_out"), {"as": "gift"}), taken(client, "gift")]

    assert [answer["Content-Type"][:9] for answer in answers] == ["text/html"] * 2
    assert taken(client, "gift", kind="single").content.startswith(b"//")
    monkeypatch.setattr(taking_out, "MOST_BYTES", 10)
    assert taken(client, "gift", kind="single")["Content-Type"].startswith("text/html")
