"""Sentences about the codes of `assessment.exchange`, and about what the bank itself cannot take: what it is, and what to do."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assessment.enums import RemarkKind
from assessment.exchange.item import FaultCode, NoteCode, UnsupportedCode, UnwritableCode
from assessment.exchange.table_columns import SINGLE, SPOKEN, word_in

type Sentences = Mapping[str, str | Promise]


class OwnCode(StrEnum):
    """What the bank has to say of a file, besides the formats."""

    ALT_MISSING = "own_alt_missing"
    ALT_TO_WRITE = "own_alt_to_write"
    CATEGORY = "own_category"
    EQUIVALENT_MISSING = "own_equivalent_missing"
    FILE_CHANGED = "file_changed"
    NAME = "own_name"
    NOT_ALLOWED = "not_allowed"
    PICTURE_MISSING = "own_picture_missing"
    POINTS = "own_points"
    REPEATED = "own_repeated"
    TAGS_CUT = "own_tags_cut"
    TITLE = "own_title"


FAULTS: Final[Sentences] = {
    FaultCode.ANSWER_MISSING: _("The question has no answer. Write which one is right."),
    FaultCode.BRACES: _(
        "The braces do not match: each question has one { and one } after it. To show a brace, write a backslash before it."
    ),
    FaultCode.ENTITIES: _(
        "The file declares a document type (DOCTYPE), which can do harm. Export it again, or delete that line."
    ),
    FaultCode.ENCRYPTED: _("The file has a password. Save it without one."),
    FaultCode.FORM: _(
        "This does not follow the format. Compare it with a question of the same kind that works."
    ),
    FaultCode.HEADING_MISSING: _(
        "A heading is missing in the first line, or a cell has no heading above it."
    ),
    FaultCode.HEADING_TWICE: _("A heading is there twice. Delete one of the two columns."),
    FaultCode.HEADING_UNKNOWN: _("A heading is not known. Delete the column, or give it a name of the list."),
    FaultCode.KIND_UNKNOWN: _("The kind of the question is not known. Write one of the list of kinds."),
    FaultCode.MEMBER_MISSING: _("The package lists a document that is not in it. Export the package again."),
    FaultCode.NO_QUESTIONS: _("There is no question in the file."),
    FaultCode.NOT_A_PACKAGE: _("The zip file is damaged. Export it again."),
    FaultCode.NOT_TEXT: _(
        "This is no file of questions: it is a picture, a program or another kind of file, whatever its name says."
    ),
    FaultCode.NUMBER: _(
        "A number cannot be read, or means two things. Write it with a point between whole and parts: 3.14."
    ),
    FaultCode.PICTURE: _("The picture is damaged, or is none. Pictures are JPEG or PNG files."),
    FaultCode.TEXT_MISSING: _(
        "A text is missing: that of the question, of an option, of a pair or of a step."
    ),
    FaultCode.TOO_DEEP: _(
        "Elements lie inside one another too deep. The file is broken, or made to do harm."
    ),
    FaultCode.TOO_LARGE: _(
        "It is too large, or unpacks to too much. Files have 25 MB at most, pictures 5 MB; divide the file into several."
    ),
    FaultCode.TOO_LONG: _("A text is too long: it has 20,000 characters at most."),
    FaultCode.TOO_MANY: _("The file has too many questions or parts. Divide it into several files."),
    FaultCode.UNMARKABLE: _(
        "The question cannot be marked: check that an answer earns the whole mark and that no two say the same."
    ),
    FaultCode.UNSAFE_NAME: _("A name in the package leads out of it. Nothing of such a file is read."),
    FaultCode.XML: _(
        "The XML is broken at this line, or its letters are of another encoding than it says. Export it again as UTF-8."
    ),
    OwnCode.EQUIVALENT_MISSING: _(
        "A question about places on a picture needs the same question in words, for those who cannot see. The file has none: write it in the form."
    ),
    OwnCode.PICTURE_MISSING: _("The picture of the question is not in the file. Export it with its files."),
    OwnCode.FILE_CHANGED: _("The stored file is no longer the one that was uploaded. Upload it again."),
    OwnCode.NOT_ALLOWED: _("Who uploaded this may no longer write questions for this owner."),
}

UNSUPPORTED: Final[Sentences] = {
    UnsupportedCode.DESCRIPTION: _("A text without a question."),
    UnsupportedCode.TYPE: _("There is no such kind of question here."),
    UnsupportedCode.VERSION: _("QTI 1.2 is not read. Export it as QTI 2.1 or later."),
    UnsupportedCode.SEVERAL: _("Several questions in one. Divide it into single ones."),
    UnsupportedCode.SEVERAL_ANSWERS_IN_GAP: _("A gap with several right answers at once."),
    UnsupportedCode.MANY_TO_MANY: _("Pairs in which one thing belongs to several."),
    UnsupportedCode.MARKERS: _("Markers on a picture that are not all alike."),
    UnsupportedCode.SCORING: _("The file does not say what is right."),
    UnsupportedCode.FORMULA: _("A formula that is not known here."),
    UnsupportedCode.GENERATED: _("Values that a template makes."),
    UnsupportedCode.ADAPTIVE: _("A question that changes while it is answered."),
}

NOTES: Final[Sentences] = {
    NoteCode.ANSWER_FEEDBACK: _("Words for a single answer are not kept."),
    NoteCode.ATTACHMENTS: _("Files with the answer are not asked for."),
    NoteCode.CATEGORY_TEXT: _("The description of a category is not kept."),
    NoteCode.ELEMENT: _("A part that is not known is left out."),
    NoteCode.EQUIVALENT_MISSING: _("The question has no equivalent without the picture."),
    NoteCode.FEEDBACK: _("Words for right, partly right or wrong answers are not kept."),
    NoteCode.FIXED_ORDER: _("The fixed order of the options is not kept: exams shuffle them."),
    NoteCode.GRADING: _("It was marked in another way there. Try answers on its page."),
    NoteCode.HIDDEN: _("It was hidden there. Here it is a draft as all others."),
    NoteCode.HINT: _("Hints before another try are not kept."),
    NoteCode.LANGUAGE: _("A text in another language than Arabic and English is left out."),
    NoteCode.LINK: _("Of a link its words are kept, without the address."),
    NoteCode.MARKDOWN: _("Signs of Markdown stay in the text as they are."),
    NoteCode.MATH: _("A formula stays in the text as it is typed."),
    NoteCode.MEDIA: _(
        "A picture, sound or video is left out: a question keeps the first picture of its own text, as a JPEG, PNG or WebP file."
    ),
    NoteCode.PENALTY: _("The penalty for another try is not kept."),
    NoteCode.POINTS: _("Points are whole numbers from 1 to 100; this one was rounded."),
    NoteCode.RUBRIC: _("The notes for those who mark are not kept."),
    NoteCode.SCRIPT: _("A script in the text is left out."),
    NoteCode.SUBSET: _("Only some of the steps were asked there. Here all are."),
    NoteCode.TABLE: _("A table in the text became lines."),
    NoteCode.TAIL: _("What follows the braces is left out."),
    NoteCode.TEMPLATE: _("The text to begin with is not kept."),
    NoteCode.TRUTH: _(
        "A word for true or false was read as a question of true or false. If it is a word to type, write an equals sign before it."
    ),
    NoteCode.UNIT: _("A part of the mark for the unit, or a unit before the number, is not kept."),
    NoteCode.VALUES: _("Of the list of values, the range is kept. Try the question on its page."),
    NoteCode.WINDOWS_1256: _(
        "The file is not in UTF-8; it was read as Arabic Windows writes (Windows-1256). Look whether the letters are right."
    ),
    OwnCode.ALT_MISSING: _(
        "No format says what a picture shows, for those who cannot see it. Open the question in the form, choose the picture again and write it."
    ),
    OwnCode.ALT_TO_WRITE: _(
        "The file does not say what the picture of the question shows, for those who cannot see it. Open the question in the form and write it."
    ),
    OwnCode.CATEGORY: _(
        "Questions with a category, which the bank does not have. Upload the file again with categories as tags to keep it."
    ),
    OwnCode.NAME: _("Questions with a code of the other program, which is not kept."),
    OwnCode.POINTS: _(
        "Questions with other points than 1. Here the quiz or exam says how many points a question gives."
    ),
    OwnCode.TAGS_CUT: _("A question has 20 tags at most, of 40 letters each; the rest is left out."),
    OwnCode.TITLE: _(
        "Questions with a title of their own, which is not kept: the list shows the first words."
    ),
}

REPEATED: Final[Sentences] = {
    OwnCode.REPEATED: _(
        "The same question is in the file before, at the line that is named. It is taken once."
    ),
}

UNWRITABLE: Final[Sentences] = {
    UnwritableCode.ALL_RIGHT: _("Every option is right, which this format cannot say."),
    UnwritableCode.CREDIT: _("This format has no such marking of steps."),
    UnwritableCode.EXACT: _("This format cannot say that the spelling matters."),
    UnwritableCode.KIND: _("This format has no such kind of question."),
    UnwritableCode.NOT_HELD: _("Read again, it would not be the same question."),
    UnwritableCode.NUMBER: _("This format cannot say one of the numbers."),
    UnwritableCode.PICTURE: _("The picture cannot be taken along."),
    UnwritableCode.RECORDING: _("No format holds the sound or video that it plays."),
    UnwritableCode.SHARE: _("This format cannot say one of the shares of the mark."),
    UnwritableCode.SEVERAL_GAPS: _("This format has one gap at most, in one language."),
    UnwritableCode.TOO_MANY: _("It has more options than this format."),
    UnwritableCode.UNITS: _("This format has no units of measurement."),
    UnwritableCode.VARIABLES: _("This format has no values of one's own for each attempt."),
    UnwritableCode.WILDCARDS: _("This format has no * for any letters."),
}

BY_KIND: Final[Mapping[str, Sentences]] = {
    RemarkKind.FAULT: FAULTS,
    RemarkKind.UNSUPPORTED: UNSUPPORTED,
    RemarkKind.NOTE: NOTES,
    RemarkKind.REPEATED: REPEATED,
}

# What `InvalidQuestion` says, for the authors of a file.
MARKING_FAULTS: Final[Sentences] = {
    "no option earns the whole mark": _("No option earns the whole mark."),
    "no option earns anything": _("No option earns anything."),
    "the right options do not earn the whole mark together": _(
        "The right options do not earn the whole mark together."
    ),
    "the key names options that the question does not have": _(
        "The key names options that the question does not have."
    ),
    "there are not as many points as areas": _("There are not as many points as right places."),
    "the question in place of the picture is of no such kind": _(
        "The question in place of the picture has to be one of options."
    ),
    "the key does not give each stem one of the choices": _("Something has no pair."),
    "so many files are none": _("The number of files is not one that can be asked for."),
    "no answer earns the whole mark": _("No number earns the whole mark."),
    "a unit is not above 0": _("A unit of measurement is not above 0."),
    "a unit is asked for and none is right": _("A unit is asked for, and none is right."),
    "the formula has no result for the values of its variables": _(
        "The formula has no result for some of the generated values."
    ),
    "a tolerance is below 0": _("A tolerance is below 0."),
    "the key does not fill each gap": _("A gap has no right answer."),
    "a gap is of no such kind": _("A gap has a kind that gaps cannot have."),
    "a gap has no points": _("A gap has no points."),
    "a gap has no place in the text": _("A gap has no place in the text."),
    "no text earns the whole mark": _("No word earns the whole mark."),
    "an accepted text is empty": _("A right answer is empty."),
    "the key does not order each item once": _("The right order does not have each step once."),
}
_QUOTED = re.compile(r"'([^']*)'")


def detail_in_words(code: str, detail: str) -> str:
    """What the file says where a remark is about it. Of what cannot be marked, why in a sentence, or the words that are at fault."""
    if code == FaultCode.HEADING_MISSING:
        return word_in({**SINGLE, **SPOKEN}.get(detail, (detail,)), get_language() or "")
    if code != FaultCode.UNMARKABLE:
        return detail
    if detail in MARKING_FAULTS:
        return str(MARKING_FAULTS[detail])
    return "، ".join(_QUOTED.findall(detail))
