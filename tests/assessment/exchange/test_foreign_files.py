"""Files that other software made: each of their questions is taken, listed or at fault, and nothing else is."""

import re
import zipfile
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from assessment.exchange import gift, gift_writer, qti
from assessment.exchange.item import NoteCode, UnsupportedCode

FILES = Path(__file__).parent / "files"
GIFT_FILES = sorted((FILES / "gift-grammar").glob("*.gift"))
QTI_FILES = sorted((FILES / "pie-qti").glob("*.xml"))


def _count_of_gift(text: str) -> int:
    """Blocks between empty lines that are more than comments."""
    return sum(bool(re.sub(r"(?m)^\s*//.*$", "", block).strip()) for block in re.split(r"\n\s*\n", text))


@pytest.mark.parametrize("path", GIFT_FILES, ids=lambda path: path.stem)
def test_gift_of_others_is_counted_as_they_count_and_written_as_it_was_read(path: Path):
    reading = gift.read(path.read_bytes())

    assert reading.count == _count_of_gift(path.read_text())
    assert reading.faults == []
    assert gift_writer.write(reading.items).unwritable == ()


def test_gift_of_others_is_read_as_they_mean_it():
    def items_of(name: str):
        return gift.read((FILES / "gift-grammar" / f"{name}.gift").read_bytes()).items

    assert [one["text"]["en"] for one in items_of("escapeAll")[0].content["options"]] == list("~=#{}:\\")
    several = items_of("multipleAnswersFloat")[0]
    shares = [several.key["weights"][one["id"]] for one in several.content["options"]]
    assert shares == ["1/3", "1/3", "-1", "1/3", "-1"]
    assert [one.key["answers"][0]["tolerance"] for one in items_of("numerical1")] == [
        "0",
        "0.0005",
        "0.0005",
        "2",
        "0",
    ]
    essay = items_of("tag_id_and_two_tags")[0]
    assert (essay.name, essay.tags) == ("393", ("fred", "barney-wilma"))
    assert items_of("symbolsAll")[0].text["en"].endswith("`-=[];',./~!@#$%^&*()_+{}|:\"<>?")
    assert {note.code for note in items_of("formatExamples")[0].notes} == {NoteCode.MARKDOWN}


def test_a_description_is_listed_with_its_line():
    reading = gift.read((FILES / "gift-grammar" / "descriptionWithID.gift").read_bytes())

    (description,) = reading.unsupported
    assert (description.line, description.code) == (2, UnsupportedCode.DESCRIPTION)
    assert [item.line for item in reading.items] == [4]


def test_a_package_of_items_of_others_is_counted_as_its_documents_are():
    package = _packed(QTI_FILES)

    reading = qti.read(package)

    assert reading.count == sum(_is_item(path) for path in QTI_FILES) == 5
    assert [(one.type, one.code) for one in reading.unsupported] == [
        ("choiceInteraction", UnsupportedCode.SCORING)
    ]
    assert {item.kind for item in reading.items} == {"multiple", "fill_in", "hotspot", "ordering"}
    (hotspot,) = [item for item in reading.items if item.kind == "hotspot"]
    assert hotspot.key["areas"] == [{"circle": [275, 731, 88]}]
    assert NoteCode.EQUIVALENT_MISSING in {note.code for note in hotspot.notes}


def _is_item(path: Path) -> bool:
    return ET.parse(path).getroot().tag.endswith(("}assessmentItem", "}qti-assessment-item"))


def _packed(paths: list[Path]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for path in paths:
            archive.write(path, f"items/{path.name}")
    return file.getvalue()
