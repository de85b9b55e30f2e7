"""What the formats have in common: a question in our own form, and what could not be kept of a file. Independent of Django.

Everything that a file calls a question comes out of reading it once: as an item, as unsupported, or as a fault. Nothing here is a
sentence for people: codes are, and details are words of the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

# A text by language code.
type Texts = Mapping[str, str]

ARABIC, ENGLISH = "ar", "en"
LANGUAGES = (ARABIC, ENGLISH)

# The two options of a statement, as quizzes on pages have them.
TRUE = {ARABIC: "صواب", ENGLISH: "True"}
FALSE = {ARABIC: "خطأ", ENGLISH: "False"}

LONGEST_TEXT = 20_000
MOST_POINTS = 100
MOST_ITEMS = 20_000


class NoteCode(StrEnum):
    """What of an item, or of a whole file, is not kept as it was."""

    ANSWER_FEEDBACK = "answer_feedback"
    ATTACHMENTS = "attachments"
    CATEGORY_TEXT = "category_text"
    ELEMENT = "element"
    EQUIVALENT_MISSING = "equivalent_missing"
    FEEDBACK = "feedback"
    FIXED_ORDER = "fixed_order"
    GRADING = "grading"
    HIDDEN = "hidden"
    HINT = "hint"
    LANGUAGE = "language"
    LINK = "link"
    MARKDOWN = "markdown"
    MATH = "math"
    MEDIA = "media"
    PENALTY = "penalty"
    POINTS = "points"
    RUBRIC = "rubric"
    SCRIPT = "script"
    SUBSET = "subset"
    TABLE = "table"
    TAIL = "tail"
    TEMPLATE = "template"
    TRUTH = "truth"
    UNIT = "unit"
    VALUES = "values"
    WINDOWS_1256 = "windows_1256"


class UnsupportedCode(StrEnum):
    """Why a question of a file is none of our kinds."""

    DESCRIPTION = "description"
    TYPE = "type"
    VERSION = "version"
    SEVERAL = "several"
    SEVERAL_ANSWERS_IN_GAP = "several_answers_in_gap"
    MANY_TO_MANY = "many_to_many"
    MARKERS = "markers"
    SCORING = "scoring"
    FORMULA = "formula"
    GENERATED = "generated"
    ADAPTIVE = "adaptive"


class FaultCode(StrEnum):
    """Why a question, or a whole file, cannot be read."""

    ANSWER_MISSING = "answer_missing"
    BRACES = "braces"
    ENTITIES = "entities"
    ENCRYPTED = "encrypted"
    FORM = "form"
    HEADING_MISSING = "heading_missing"
    HEADING_TWICE = "heading_twice"
    HEADING_UNKNOWN = "heading_unknown"
    KIND_UNKNOWN = "kind_unknown"
    MEMBER_MISSING = "member_missing"
    NO_QUESTIONS = "no_questions"
    NOT_A_PACKAGE = "not_a_package"
    NOT_TEXT = "not_text"
    NUMBER = "number"
    PICTURE = "picture"
    TEXT_MISSING = "text_missing"
    TOO_DEEP = "too_deep"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    UNMARKABLE = "unmarkable"
    UNSAFE_NAME = "unsafe_name"
    XML = "xml"


class UnwritableCode(StrEnum):
    """Why a format cannot hold an item."""

    ALL_RIGHT = "all_right"
    CREDIT = "credit"
    EXACT = "exact"
    KIND = "kind"
    NOT_HELD = "not_held"
    NUMBER = "number"
    PICTURE = "picture"
    RECORDING = "recording"
    SHARE = "share"
    SEVERAL_GAPS = "several_gaps"
    TOO_MANY = "too_many"
    UNITS = "units"
    VARIABLES = "variables"
    WILDCARDS = "wildcards"


@dataclass(frozen=True, slots=True)
class Note:
    """A construct of the file that the item lost, with what the file said there."""

    code: NoteCode
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that an item cannot do without: that of a hotspot, and that which its text shows. Its content names them."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Item:
    """A question. `content` and `key` are as `assessment.marking` has them, but for the texts of question and explanation."""

    kind: str
    text: Texts
    content: Mapping[str, Any]
    key: Mapping[str, Any]
    explanation: Texts = field(default_factory=dict)
    points: int = 1
    tags: tuple[str, ...] = ()
    # From 1, easy, to 5.
    difficulty: int | None = None
    title: str = ""
    # What the source calls it.
    name: str = ""
    category: str = ""
    notes: tuple[Note, ...] = ()
    pictures: tuple[Picture, ...] = ()
    # Where it begins, from 1, and in which member of a package: not part of what it is.
    line: int = field(default=0, compare=False)
    file: str = field(default="", compare=False)

    def picture(self, name: str) -> Picture | None:
        """That of this name."""
        return next((one for one in self.pictures if one.name == name), None)

    @property
    def shown(self) -> Picture | None:
        """What its text shows."""
        return self.picture(self.content.get("medium", {}).get("picture", ""))

    @property
    def stored_content(self) -> dict[str, Any]:
        """As `QuestionVersion.content` keeps it."""
        return {"text": dict(self.text), **self.content}

    @property
    def stored_key(self) -> dict[str, Any]:
        """As `QuestionVersion.key` keeps it."""
        return {**self.key, "explanation": dict(self.explanation)}


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A question of a kind that we do not have; `type` is what the file calls it."""

    line: int
    type: str
    code: UnsupportedCode
    detail: str = ""
    title: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A question that does not follow its own format."""

    line: int
    code: FaultCode
    detail: str = ""
    title: str = ""
    file: str = ""


@dataclass(slots=True)
class Reading:
    """What a file has. `notes` are of the file as a whole."""

    items: list[Item] = field(default_factory=list)
    unsupported: list[Unsupported] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.items) + len(self.unsupported) + len(self.faults)

    def add(self, found: Item | Unsupported | Fault, *, file: str = "") -> None:
        if file:
            found = replace(found, file=file)
        match found:
            case Item():
                self.items.append(found)
            case Unsupported():
                self.unsupported.append(found)
            case Fault():
                self.faults.append(found)
        if self.count > MOST_ITEMS:
            raise UnreadableFile(FaultCode.TOO_MANY, line=found.line, detail=str(MOST_ITEMS))


@dataclass(frozen=True, slots=True)
class Unwritable:
    """An item that the format cannot hold; `place` counts the items from 0."""

    place: int
    code: UnwritableCode
    detail: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A file, and the items that are not in it."""

    data: bytes
    unwritable: tuple[Unwritable, ...] = ()


class UnreadableFile(ValueError):
    """Nothing of the file is taken: it is broken as a whole, or hostile."""

    def __init__(self, code: FaultCode, *, line: int = 0, detail: str = "") -> None:
        super().__init__(f"{code} in line {line}: {detail}")
        self.code, self.line, self.detail = code, line, detail


class FaultyQuestion(ValueError):
    """One question is not taken; the others are."""

    def __init__(self, code: FaultCode, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail


class UnsupportedQuestion(ValueError):
    """One question is of no kind that we have; the others are taken."""

    def __init__(self, code: UnsupportedCode, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail


class UnwritableQuestion(ValueError):
    """The format cannot hold one question."""

    def __init__(self, code: UnwritableCode, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail
