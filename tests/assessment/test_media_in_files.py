"""Pictures of questions in files: they come in with their descriptions, go out, and stay the same on every further trip."""

from base64 import b64encode

import pytest

from accounts.enums import RoleName
from accounts.models import Center
from assessment.enums import FileFormat, RemarkKind, TakenOutAs
from assessment.exchange import moodle_xml, qti
from assessment.exchange.item import UnwritableCode
from assessment.exchange_words import UNWRITABLE, OwnCode
from assessment.models import Question, QuestionImport, QuestionPicture
from assessment.services.taking_out import TakenOut, written_for
from tests.assessment.question_files import brought_in, checked, counts, png
from tests.factories.accounts import CenterFactory, staff_member
from tests.factories.bank import drafted, question_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def center() -> Center:
    return CenterFactory()


def with_picture(data: bytes | None = None, *, alt: str = "لوحة") -> str:
    inside = b64encode(png() if data is None else data).decode()
    return f"""<quiz><question type="truefalse"><name><text>لوحة</text></name>
<questiontext format="html"><text><![CDATA[<p>هذا قاطع.</p><img src="@@PLUGINFILE@@/a.png" alt="{alt}">]]></text>
<file name="a.png" path="/" encoding="base64">{inside}</file></questiontext>
<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question></quiz>"""


def codes(run: QuestionImport, kind: RemarkKind) -> list[str]:
    return list(run.remarks.filter(kind=kind).values_list("code", flat=True))


def taken_out(taken_out_as: TakenOutAs, center: Center) -> TakenOut:
    by = staff_member(RoleName.CENTER_MANAGER, center)
    rows = Question.objects.of_the_bank().filter(owner=center)
    return written_for(rows, taken_out_as=taken_out_as, by=by)


def test_a_picture_comes_in_as_this_site_writes_it(center: Center):
    run = brought_in(with_picture(), owner=center, file_format=FileFormat.MOODLE_XML)

    picture, stored = QuestionPicture.objects.get(), Question.objects.get().draft["content"]
    assert counts(run) == (1, 0, 0, 0)
    assert stored["medium"] == {
        "kind": "picture",
        "source": picture.source,
        "width": picture.width,
        "height": picture.height,
        "alt": {"ar": "لوحة"},
    }
    assert bytes(picture.data).startswith(b"RIFF")
    assert OwnCode.ALT_TO_WRITE not in codes(run, RemarkKind.NOTE)


def test_the_author_is_told_that_a_picture_has_no_description(center: Center):
    run = checked(with_picture(alt=""), owner=center, file_format=FileFormat.MOODLE_XML)

    assert OwnCode.ALT_TO_WRITE in codes(run, RemarkKind.NOTE)
    assert not QuestionPicture.objects.exists()


def test_a_picture_that_is_none_is_an_error_of_its_question(center: Center):
    run = checked(with_picture(png()[:60]), owner=center, file_format=FileFormat.MOODLE_XML)

    assert counts(run) == (0, 0, 0, 1)


def test_a_picture_is_the_same_after_every_further_trip(center: Center):
    brought_in(with_picture(), owner=center, file_format=FileFormat.MOODLE_XML)
    first = taken_out(TakenOutAs.MOODLE_XML, center)
    other = CenterFactory()

    run = brought_in(first.data.decode(), owner=other, file_format=FileFormat.MOODLE_XML)
    second = taken_out(TakenOutAs.MOODLE_XML, other)

    [one], [two] = moodle_xml.read(first.data).items, moodle_xml.read(second.data).items
    assert counts(run) == (1, 0, 0, 0)
    assert one.pictures == two.pictures
    assert one.content["medium"] == two.content["medium"]
    assert QuestionPicture.objects.count() == 1
    assert counts(checked(first.data.decode(), owner=center, file_format=FileFormat.MOODLE_XML))[:2] == (0, 1)


def test_a_package_carries_it_and_other_formats_list_the_question(center: Center):
    brought_in(with_picture(), owner=center, file_format=FileFormat.MOODLE_XML)

    [item] = qti.read(taken_out(TakenOutAs.QTI, center).data).items
    others = [taken_out(one, center).left_out for one in (TakenOutAs.GIFT, TakenOutAs.CSV, TakenOutAs.XLSX)]

    assert item.content["medium"]["alt"] == {"ar": "لوحة"}
    assert item.pictures[0].data.startswith(b"\x89PNG")
    assert [[one.why for one in those] for those in others] == [[UNWRITABLE[UnwritableCode.PICTURE]]] * 3


def test_a_question_that_plays_a_recording_is_listed_in_every_format(center: Center):
    draft = drafted()
    medium = {"kind": "recording", "video": 1, "sha256": "a" * 64}
    question_in(center, draft._replace(content={**draft.content, "medium": medium}))

    for one in TakenOutAs:
        file = taken_out(one, center)
        assert (file.count, [left.why for left in file.left_out]) == (
            0,
            [UNWRITABLE[UnwritableCode.RECORDING]],
        )
