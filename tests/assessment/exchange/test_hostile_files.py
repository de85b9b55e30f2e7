"""Files that are broken, or made to do harm: each has a clear end, and none takes long."""

import codecs
import io
import stat
import zipfile

import pytest

from assessment.exchange import gift, moodle_xml, qti, table
from assessment.exchange.item import FaultCode, NoteCode, UnreadableFile

QUESTION = "::س:: ما وحدة التيار؟ {=أمبير}"
ITEM = '<assessmentItem identifier="a" title="a"><itemBody><p>اشرح</p><extendedTextInteraction/></itemBody></assessmentItem>'


@pytest.mark.parametrize("data", [
    QUESTION.encode(),
    codecs.BOM_UTF8 + QUESTION.encode(),
    QUESTION.encode("utf-16"),
    QUESTION.encode("cp1256"),
    QUESTION.replace(" ما", "\rما").encode(),
])  # fmt: skip
def test_gift_is_read_in_each_encoding_that_programs_write(data: bytes):
    reading = gift.read(data)

    assert [item.key["accepted"] for item in reading.items] == [[{"text": "أمبير"}]]
    is_guessed = data == QUESTION.encode("cp1256")
    assert [note.code for note in reading.notes] == ([NoteCode.WINDOWS_1256] if is_guessed else [])


def test_an_open_brace_costs_one_question():
    reading = gift.read("أ {=ب\n\nج }\n\nد {T}\n\n{هـ {T}}\n\nو {}".encode())

    assert [(fault.line, fault.code) for fault in reading.faults] == [
        (line, FaultCode.BRACES) for line in (1, 3, 7)
    ]
    assert [item.line for item in reading.items] == [5, 9]


@pytest.mark.parametrize(
    "text",
    [
        "س {" + "=أ" * 5_000 + "}",
        "س" * 1_000_000 + "{T}",
        "<b>" * 100_000 + "{T}",
        "{" * 100_000,
        "~" * 100_000,
        "s {~" + "[[" * 50_000 + " =b}",
        "\\" * 100_001 + "{}",
    ],
)
def test_a_long_line_ends(text: str):
    assert gift.read(text.encode()).count == 1


@pytest.mark.parametrize(("data", "code"), [
    (b'<!DOCTYPE quiz [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><quiz>&b;</quiz>', FaultCode.ENTITIES),
    (b'<!DOCTYPE quiz SYSTEM "file:///etc/passwd"><quiz/>', FaultCode.ENTITIES),
    (b"<quiz><question></quiz>", FaultCode.XML),
    (b"<quiz>" + b"<a>" * 1000, FaultCode.TOO_DEEP),
    (b'<?xml version="1.0" encoding="big5"?><quiz/>', FaultCode.NOT_TEXT),
    (b"<other/>", FaultCode.FORM),
    (b"", FaultCode.XML),
    (b"<quiz>" + b" " * 26_000_000, FaultCode.TOO_LARGE),
])  # fmt: skip
def test_xml_that_is_broken_or_would_burst_is_refused_as_a_whole(data: bytes, code: FaultCode):
    with pytest.raises(UnreadableFile) as refused:
        moodle_xml.read(data)

    assert refused.value.code == code


def test_a_picture_that_would_burst_is_a_fault():
    document = f'<quiz><question type="ddmarker"><questiontext><text>س</text></questiontext><drag/><file>{"A" * 11_000_000}</file></question></quiz>'

    assert [fault.code for fault in moodle_xml.read(document.encode()).faults] == [FaultCode.TOO_LARGE]


def _package(*members: tuple[str, str], mode: int = 0, declared: int | None = None) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, text, zipfile.ZIP_DEFLATED)
    data = file.getvalue()
    if declared is not None:
        # The size that the directory declares is a lie.
        at = data.rindex(b"PK\x01\x02") + 24
        data = data[:at] + declared.to_bytes(4, "little") + data[at + 4 :]
    return data


@pytest.mark.parametrize(("data", "code"), [
    (_package(("../a.xml", ITEM)), FaultCode.UNSAFE_NAME),
    (_package(("/etc/a.xml", ITEM)), FaultCode.UNSAFE_NAME),
    (_package(("a/..\\..\\a.xml", ITEM)), FaultCode.UNSAFE_NAME),
    (_package(("c:a.xml", ITEM)), FaultCode.UNSAFE_NAME),
    (_package(("a.xml", "/etc/passwd"), mode=stat.S_IFLNK | 0o777), FaultCode.UNSAFE_NAME),
    (_package(("a.xml", " " * 5_000_000)), FaultCode.TOO_LARGE),
    (_package(*((f"{number}.txt", "") for number in range(10_001))), FaultCode.TOO_MANY),
    (_package(("a.txt", "no question")), FaultCode.NO_QUESTIONS),
    (b"PK\x03\x04 and nothing of a package", FaultCode.NOT_A_PACKAGE),
])  # fmt: skip
def test_a_package_that_would_leave_its_place_or_burst_is_refused_as_a_whole(data: bytes, code: FaultCode):
    with pytest.raises(UnreadableFile) as refused:
        qti.read(data)

    assert refused.value.code == code


def test_a_member_is_read_no_further_than_it_declares():
    reading = qti.read(_package(("a.xml", ITEM), ("b.xml", ITEM + " " * 1_000), declared=len(ITEM)))

    assert [item.file for item in reading.items] == ["a.xml"]


def test_documents_that_a_manifest_lists_and_that_are_not_there_or_broken_are_faults():
    manifest = "<manifest><resources>" + "".join(
        f'<resource type="imsqti_item_xmlv2p1" href="{href}"/>'
        for href in ("a.xml", "gone.xml", "broken.xml", "../../up.xml")
    )
    package = _package(
        ("imsmanifest.xml", f"{manifest}</resources></manifest>"),
        ("a.xml", ITEM),
        ("broken.xml", "<assessmentItem>"),
    )

    reading = qti.read(package)

    assert [(fault.file, fault.code) for fault in reading.faults] == [
        ("imsmanifest.xml", FaultCode.UNSAFE_NAME),
        ("gone.xml", FaultCode.MEMBER_MISSING),
        ("broken.xml", FaultCode.XML),
    ]
    assert [item.file for item in reading.items] == ["a.xml"]


def test_old_qti_is_counted_and_listed():
    reading = qti.read(
        b"<questestinterop><assessment><section><item title='a'/><item title='b'/></section></assessment></questestinterop>"
    )

    assert [(one.type, one.title) for one in reading.unsupported] == [("QTI 1.2", "a"), ("QTI 1.2", "b")]


@pytest.mark.parametrize(("rows", "code"), [
    ([["kind", "question", "kind"]], FaultCode.HEADING_TWICE),
    ([["kind", "question", "phone"]], FaultCode.HEADING_UNKNOWN),
    ([["question"]], FaultCode.HEADING_MISSING),
    ([["kind", "question"]], FaultCode.NO_QUESTIONS),
    ([["kind", "question"], *[[""]] * 100_001], FaultCode.TOO_MANY),
])  # fmt: skip
def test_a_table_that_is_none_of_questions_is_refused_as_a_whole(rows: list[list[str]], code: FaultCode):
    with pytest.raises(UnreadableFile) as refused:
        table.read_rows(enumerate(rows, start=1))

    assert refused.value.code == code
