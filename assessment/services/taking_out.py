"""Takes questions out of the bank as a file of another program, with a list of what the format cannot hold."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may_everywhere
from accounts.scoping.exports import BYTE_ORDER_MARK, CONTROLS, name_of_sheet, new_workbook
from assessment.bank_items import item_of_draft
from assessment.bilingual import Draft
from assessment.enums import QuestionKind, TakenOutAs
from assessment.errors import TooLargeToTakeOut, TooManyToTakeOut
from assessment.exchange import gift_writer, moodle_xml_writer, qti_writer
from assessment.exchange.item import ENGLISH, Item, Unwritable
from assessment.exchange.packages import pack, packed_with
from assessment.exchange.table_writer import write_rows
from assessment.exchange_words import UNWRITABLE
from assessment.models import Question, QuestionPicture
from assessment.pictures import png_of
from assessment.queries.bank import draft_of, excerpt_of, version_as_draft

MEGABYTE = 1_000_000
MOST_QUESTIONS = 5_000
# As much as can be brought in again.
MOST_BYTES = 25 * MEGABYTE
_MOST_PICTURE_BYTES = 15 * MEGABYTE
_TITLE_LETTERS = 60
_QUESTIONS_AT_ONCE = 500
_WITH_PICTURES = frozenset({TakenOutAs.MOODLE_XML, TakenOutAs.QTI})
# In a comment these would be read as parts of a question.
_SIGNS_OF_COMMENTS = str.maketrans({"[": "(", "]": ")", "{": "(", "}": ")", "\\": "/"})
LIST_NAME: Final = "not-in-this-file.txt"

# The file, its extension, its content type, and what is not in it.
type Made = tuple[bytes, str, str, Sequence[Unwritable]]


@dataclass(frozen=True)
class LeftOut:
    """A question, or a part of it, that is not in the file."""

    question_id: int
    title: str
    why: str | Promise


@dataclass(frozen=True)
class TakenOut:
    """What a file has, and what it has not. `without_parts` are in it, but not wholly."""

    data: bytes
    extension: str
    content_type: str
    count: int
    left_out: Sequence[LeftOut]
    without_parts: Sequence[LeftOut]


def take_out(
    rows: QuerySet[Question],
    *,
    taken_out_as: TakenOutAs,
    by: User,
    filters: Mapping[str, Any],
    named: Mapping[str, str] | None = None,
) -> TakenOut:
    """The file, after a row in the audit trail: who took which questions out, with their keys. Raises as `written_for`.

    `named`: what the rows are called that the filters chose, by filter.
    """
    file = written_for(rows, taken_out_as=taken_out_as, by=by)
    facts = {
        "list": Question._meta.label,
        "format": str(taken_out_as),
        "filters": dict(filters),
        **({"named": dict(named)} if named else {}),
        "rows": file.count,
        "left_out": len(file.left_out),
    }
    log(by, "assessment.bank.take_out", user=by, data=facts)
    return file


def written_for(rows: QuerySet[Question], *, taken_out_as: TakenOutAs, by: User) -> TakenOut:
    """The questions that `by` reads, of the ministry's those in force alone, as a file.

    Raises `TooManyToTakeOut`, `TooLargeToTakeOut`.
    """
    questions = list(rows.order_by("pk").select_related("published", "owner")[: MOST_QUESTIONS + 1])
    if len(questions) > MOST_QUESTIONS:
        raise TooManyToTakeOut(questions=MOST_QUESTIONS)
    reads_all = may_everywhere(by, Act.VIEW_QUESTIONS)
    drafts = [_read(question, reads_all=reads_all) for question in questions]
    pictures = _pictures(drafts) if taken_out_as in _WITH_PICTURES else {}
    items = [_item(question, draft, pictures) for question, draft in zip(questions, drafts, strict=True)]
    data, extension, content_type, unwritable = _FORMATS[taken_out_as](items, questions)
    if len(data) > MOST_BYTES:
        raise TooLargeToTakeOut(megabytes=MOST_BYTES // MEGABYTE)
    left_out = _left_out(unwritable, questions)
    missing = {one.question_id for one in left_out}
    parts = [
        LeftOut(question.pk, excerpt_of(question, _TITLE_LETTERS), part)
        for question, draft in zip(questions, drafts, strict=True)
        if question.pk not in missing
        for part in _parts_without_place(draft)
    ]
    return TakenOut(data, extension, content_type, len(items) - len(left_out), left_out, parts)


def _parts_without_place(draft: Draft) -> Iterator[str]:
    """What no format has a place for."""
    if draft.content.get("alt"):
        yield _("What its picture shows, for those who cannot see it.")
    if draft.key.get("rubric"):
        yield _("The rubric by which a person marks it.")
    if draft.content.get("words"):
        yield _("How many words are asked for.")


def _read(question: Question, *, reads_all: bool) -> Draft:
    """What is written, where the reader may see it, else what is in force."""
    if question.owner_id is None and not reads_all and question.published:
        return version_as_draft(question.published)
    return draft_of(question)


def _pictures(drafts: Iterable[Draft]) -> dict[str, bytes]:
    """PNG files by their sources, as many as a file can carry."""
    sources = {source for draft in drafts for source in (_of_hotspot(draft), _of_text(draft)) if source}
    found: dict[str, bytes] = {}
    size = 0
    for picture in QuestionPicture.objects.filter(source__in=sources).order_by("pk").iterator(chunk_size=20):
        data = png_of(bytes(picture.data))
        size += len(data)
        if size > _MOST_PICTURE_BYTES:
            break
        found[picture.source] = data
    return found


def _of_hotspot(draft: Draft) -> str:
    """The source of its picture; empty for other kinds."""
    return str(draft.content["picture"]["source"]) if draft.kind == QuestionKind.HOTSPOT else ""


def _of_text(draft: Draft) -> str:
    """The source of the picture that it shows; empty where it shows none."""
    return str(draft.content.get("medium", {}).get("source", ""))


def _item(question: Question, draft: Draft, pictures: Mapping[str, bytes]) -> Item:
    texts = draft.content["text"]
    title = " ".join((texts.get("ar") or texts.get("en") or "").split())
    return item_of_draft(
        draft,
        title=Truncator(title).chars(_TITLE_LETTERS),
        tags=question.tags,
        difficulty=question.difficulty,
        picture=pictures.get(_of_hotspot(draft)),
        shown=pictures.get(_of_text(draft)),
    )


def _left_out(unwritable: Sequence[Unwritable], questions: Sequence[Question]) -> list[LeftOut]:
    return [
        LeftOut(
            questions[one.place].pk,
            excerpt_of(questions[one.place], _TITLE_LETTERS),
            UNWRITABLE[one.code],
        )
        for one in unwritable
    ]


def _lines(unwritable: Sequence[Unwritable], questions: Sequence[Question]) -> list[str]:
    """What is not in the file, line by line, in the reader's language; nothing where all is."""
    if not unwritable:
        return []
    said = [f"{one.question_id}: {one.title} – {one.why}" for one in _left_out(unwritable, questions)]
    return [_("Questions that this format cannot hold, and that are not in this file:"), *said]


def _gift(items: Sequence[Item], questions: Sequence[Question]) -> Made:
    written = gift_writer.write(items)
    lines = _lines(written.unwritable, questions)
    comment = "".join(f"// {' '.join(line.split()).translate(_SIGNS_OF_COMMENTS)}\n" for line in lines)
    return written.data + comment.encode(), "txt", "text/plain; charset=utf-8", written.unwritable


def _moodle(items: Sequence[Item], questions: Sequence[Question]) -> Made:
    written = moodle_xml_writer.write(items)
    lines = _lines(written.unwritable, questions)
    data = written.data
    if lines:
        # Two hyphens end a comment.
        said = re.sub("-{2,}", "-", CONTROLS.sub("", "\n".join(lines))).rstrip("-")
        data += f"<!--\n{said}\n-->\n".encode()
    return data, "xml", "application/xml", written.unwritable


def _qti(items: Sequence[Item], questions: Sequence[Question]) -> Made:
    written = qti_writer.write(items, version="3.0")
    lines = _lines(written.unwritable, questions)
    data = packed_with(written.data, {LIST_NAME: _text_file(lines)}) if lines else written.data
    return data, "zip", "application/zip", written.unwritable


def _csv(items: Sequence[Item], questions: Sequence[Question]) -> Made:
    written = write_rows(items, reader=get_language() or ENGLISH)
    file = io.StringIO(newline="")
    csv.writer(file).writerows(written.rows)
    # Without it Excel reads Arabic as Latin-1.
    table = (BYTE_ORDER_MARK + file.getvalue()).encode()
    lines = _lines(written.unwritable, questions)
    if not lines:
        return table, "csv", "text/csv; charset=utf-8", ()
    members = {"questions.csv": table, LIST_NAME: _text_file(lines)}
    return pack(members), "zip", "application/zip", written.unwritable


def _xlsx(items: Sequence[Item], questions: Sequence[Question]) -> Made:
    written = write_rows(items, reader=get_language() or ENGLISH)
    workbook, sheet = new_workbook(_("Questions"))
    for row in written.rows:
        sheet.append([CONTROLS.sub("", cell) for cell in row])
    lines = _lines(written.unwritable, questions)
    if lines:
        # The first sheet alone is read again.
        others: Any = workbook.create_sheet(title=name_of_sheet(_("Not in this file")))
        for line in lines:
            others.append([_guarded(CONTROLS.sub("", line))])
    file = io.BytesIO()
    workbook.save(file)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return file.getvalue(), "xlsx", kind, written.unwritable


def _guarded(text: str) -> str:
    return f"'{text}" if text.lstrip().startswith(("=", "+", "-", "@")) else text


def _text_file(lines: Sequence[str]) -> bytes:
    return (BYTE_ORDER_MARK + "\r\n".join(" ".join(line.split()) for line in lines) + "\r\n").encode()


_FORMATS: Final[
    Mapping[
        TakenOutAs,
        Callable[[Sequence[Item], Sequence[Question]], Made],
    ]
] = {
    TakenOutAs.GIFT: _gift,
    TakenOutAs.MOODLE_XML: _moodle,
    TakenOutAs.QTI: _qti,
    TakenOutAs.XLSX: _xlsx,
    TakenOutAs.CSV: _csv,
}
