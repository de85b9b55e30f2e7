"""Decides about the questions of a file, a batch at a time, and writes the new ones as drafts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from accounts.errors import DomainError
from accounts.models import User
from assessment.bank_items import draft_of_item, likeness_of
from assessment.bilingual import Draft
from assessment.enums import QuestionKind, RemarkKind
from assessment.exchange.item import Fault, FaultCode, Item, NoteCode, Picture, Reading, Unsupported
from assessment.exchange.texts import shortened
from assessment.exchange_words import OwnCode
from assessment.marking.kinds import question_of
from assessment.marking.question import InvalidQuestion
from assessment.models import Question, QuestionImport, QuestionRemark
from assessment.models.question_imports import LONGEST_DETAIL
from assessment.models.questions import LONGEST_TAG
from assessment.queries.bank import SHARED, draft_of, version_as_draft
from assessment.queries.bank_pages import hints_on
from assessment.services.bank import MOST_TAGS, Labels, write_question
from assessment.services.pictures import KeptPicture, keep_picture, known_picture

# Of PostgreSQL's advisory locks: two files of one owner are not written at once.
_LOCK = 20_241_201
_QUESTIONS_AT_ONCE = 500
# Of one question.
_MOST_HINTS = 3
# What a question may have in a file, and not in the bank.
_WITHOUT_PLACE = {
    OwnCode.POINTS: lambda item: item.points != 1,
    OwnCode.CATEGORY: lambda item: bool(item.category),
    OwnCode.NAME: lambda item: bool(item.name),
    OwnCode.TITLE: lambda item: bool(item.title) and not _repeats_the_text(item),
}


@dataclass
class Outcome:
    """What became of a batch."""

    created: int = 0
    unchanged: int = 0
    unsupported: int = 0
    faulty: int = 0
    remarks: list[QuestionRemark] = field(default_factory=list)


class _Refusal(Exception):
    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


class _Place(NamedTuple):
    """Where the first question of the file was that says the same; without a line, it is in the bank."""

    line: int = 0
    member: str = ""


class Importer:
    def __init__(self, *, run: QuestionImport, by: User) -> None:
        self._run, self._by = run, by
        # By likeness.
        self._known: dict[bytes, _Place] = {}
        self._newest = 0
        self._read_the_bank()

    def _read_the_bank(self) -> None:
        """What the owner has and may ask already, as it is written and as it is in force; only what is new since the last time."""
        own = Q(quiz_key=None, owner=self._run.owner)
        rows = Question.objects.filter(own | SHARED, pk__gt=self._newest).select_related("published")
        for row in rows.order_by("pk").iterator(chunk_size=_QUESTIONS_AT_ONCE):
            self._newest = row.pk
            # A draft of the ministry is nothing that a center may find out about.
            if row.owner_id == self._run.owner_id:
                self._know(likeness_of(draft_of(row)), _Place())
            if row.published:
                self._know(likeness_of(version_as_draft(row.published)), _Place())

    def _know(self, likeness: bytes, place: _Place) -> None:
        # What no file could hold is like nothing.
        if likeness:
            self._known.setdefault(likeness, place)

    def remember(self, entries: Sequence[Item | Unsupported | Fault]) -> None:
        """Questions of the file that were done by another worker."""
        for entry in entries:
            if isinstance(entry, Item):
                try:
                    likeness = likeness_of(self._draft(entry, writes=False))
                except _Refusal:
                    continue
                self._know(likeness, _Place(entry.line, entry.file))

    def of_the_file(self, reading: Reading) -> list[QuestionRemark]:
        """What is said of the file as a whole."""
        found = [self._remark(RemarkKind.NOTE, note.code, note.detail) for note in reading.notes]
        lost = Counter(code for item in reading.items for code, has in _WITHOUT_PLACE.items() if has(item))
        if self._run.has_category_tags:
            del lost[OwnCode.CATEGORY]
        return [*found, *(self._remark(RemarkKind.NOTE, code, str(lost[code])) for code in lost)]

    def do(self, batch: Sequence[Item | Unsupported | Fault], *, writes: bool) -> Outcome:
        """Decide about a batch and, where it `writes`, write what is new. Inside a transaction."""
        if writes:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, self._run.owner_id or 0])
            self._read_the_bank()
        outcome = Outcome()
        for entry in batch:
            match entry:
                case Fault():
                    outcome.faulty += 1
                    outcome.remarks.append(self._remark(RemarkKind.FAULT, entry.code, entry.detail, entry))
                case Unsupported():
                    outcome.unsupported += 1
                    said = f"{entry.type}: {entry.detail}" if entry.detail else entry.type
                    outcome.remarks.append(self._remark(RemarkKind.UNSUPPORTED, entry.code, said, entry))
                case Item():
                    self._do_item(entry, outcome, writes=writes)
        return outcome

    def _do_item(self, item: Item, outcome: Outcome, *, writes: bool) -> None:
        try:
            draft = self._draft(item, writes=writes)
            question_of(*draft)
        except _Refusal as refusal:
            outcome.faulty += 1
            outcome.remarks.append(self._remark(RemarkKind.FAULT, refusal.code, refusal.detail, item))
            return
        except InvalidQuestion as error:
            outcome.faulty += 1
            outcome.remarks.append(self._remark(RemarkKind.FAULT, FaultCode.UNMARKABLE, str(error), item))
            return
        likeness = likeness_of(draft)
        if likeness in self._known:
            outcome.unchanged += 1
            first = self._known[likeness]
            # Of itself, where another worker wrote it.
            if first.line and first != _Place(item.line, item.file):
                outcome.remarks.append(
                    self._remark(RemarkKind.REPEATED, OwnCode.REPEATED, str(first.line), item)
                )
            return
        self._know(likeness, _Place(item.line, item.file))
        outcome.created += 1
        outcome.remarks += self._said_of(item, draft)
        if writes:
            labels = Labels(self._tags(item)[:MOST_TAGS], item.difficulty or 3)
            written = write_question(owner=self._run.owner, draft=draft, labels=labels, by=self._by)
            self._newest = max(self._newest, written.pk)

    def _draft(self, item: Item, *, writes: bool) -> Draft:
        shown = self._kept(item.shown, writes=writes) if item.shown else None
        return draft_of_item(item, self._picture(item, writes=writes), shown)

    def _picture(self, item: Item, *, writes: bool) -> dict[str, Any] | None:
        """What the content says of the picture of a hotspot. Raises _Refusal."""
        if item.kind != QuestionKind.HOTSPOT:
            return None
        if "instead" not in item.content:
            raise _Refusal(OwnCode.EQUIVALENT_MISSING)
        name = str(item.content.get("picture", ""))
        given = item.picture(name)
        if given is None:
            raise _Refusal(OwnCode.PICTURE_MISSING, name)
        return self._kept(given, writes=writes)

    def _kept(self, given: Picture, *, writes: bool) -> dict[str, Any]:
        """What contents say of a picture, which is kept where it `writes`. Raises _Refusal."""
        kept: KeptPicture | None = known_picture(given.name, given.data)
        try:
            kept = kept or keep_picture(BytesIO(given.data), writes=writes)
        except DomainError as error:
            raise _Refusal(FaultCode.PICTURE, given.name) from error
        return kept._asdict()

    def _tags(self, item: Item) -> list[str]:
        last = item.category.rsplit("/", 1)[-1].strip() if self._run.has_category_tags else ""
        return list(dict.fromkeys(tag for tag in (*self._run.tags, *item.tags, last) if tag))

    def _said_of(self, item: Item, draft: Draft) -> Iterator[QuestionRemark]:
        for note in item.notes:
            if note.code != NoteCode.EQUIVALENT_MISSING:
                yield self._remark(RemarkKind.NOTE, note.code, note.detail, item)
        if item.kind == QuestionKind.HOTSPOT:
            yield self._remark(RemarkKind.NOTE, OwnCode.ALT_MISSING, about=item)
        if item.shown and not item.content["medium"]["alt"]:
            yield self._remark(RemarkKind.NOTE, OwnCode.ALT_TO_WRITE, about=item)
        tags = self._tags(item)
        cut = [*(tag for tag in tags if len(tag) > LONGEST_TAG), *tags[MOST_TAGS:]]
        if cut:
            yield self._remark(RemarkKind.NOTE, OwnCode.TAGS_CUT, ", ".join(cut), item)
        for shown in hints_on(draft)[:_MOST_HINTS]:
            hint = shown.hint
            said = f"{hint.typed} → {hint.better}" if hint.better else hint.typed
            yield self._remark(RemarkKind.HINT, hint.slip, said, item)

    def _remark(
        self, kind: RemarkKind, code: str, detail: str = "", about: Item | Unsupported | Fault | None = None
    ) -> QuestionRemark:
        return QuestionRemark(
            run=self._run,
            kind=kind,
            line=about.line if about else 0,
            member=shortened(about.file)[:LONGEST_DETAIL] if about else "",
            title=shortened(_title_of(about))[:LONGEST_DETAIL] if about else "",
            code=str(code),
            detail=shortened(detail)[:LONGEST_DETAIL],
        )


def _title_of(about: Item | Unsupported | Fault) -> str:
    if about.title or not isinstance(about, Item):
        return about.title
    return next(iter(about.text.values()), "")


def _repeats_the_text(item: Item) -> bool:
    """Whether the title is the beginning of the question, as many programs write it, and as ours does."""
    title = item.title.rstrip(" .…")
    return any(" ".join(text.split()).startswith(title) for text in item.text.values())
