"""One `<question>` of Moodle's XML: its texts with their files, its points and answers, and what it loses. Independent of Django."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from assessment.exchange.figures import number_in, share_of_percent
from assessment.exchange.item import MOST_POINTS, FaultCode, FaultyQuestion, Note, NoteCode, Picture
from assessment.exchange.markup import Node
from assessment.exchange.pictures import is_taken, picture_of_base64
from assessment.exchange.texts import Passage, read_plain, read_text, shortened, tidy_line, words

_KNOWN = words(
    "name questiontext generalfeedback defaultgrade penalty hidden idnumber tags answer single shuffleanswers shuffle answernumbering "
    "correctfeedback partiallycorrectfeedback incorrectfeedback shownumcorrect showstandardinstruction usecase units unitgradingtype "
    "unitpenalty showunits unitsleft subquestion layouttype selecttype selectcount gradingtype showgrading numberingstyle selectoption "
    "dragbox responseformat responserequired responsefieldlines minwordlimit maxwordlimit attachments attachmentsrequired maxbytes "
    "filetypeslist graderinfo responsetemplate file drag drop hint equivalent dataset_definitions synchronize instructions image "
    "image_base64 area"
)
# Before the names of files in texts.
_FILES = "@@PLUGINFILE@@/"
_NOTED = {
    "hint": NoteCode.HINT,
    "graderinfo": NoteCode.RUBRIC,
    "responsetemplate": NoteCode.TEMPLATE,
    "correctfeedback": NoteCode.FEEDBACK,
    "partiallycorrectfeedback": NoteCode.FEEDBACK,
    "incorrectfeedback": NoteCode.FEEDBACK,
    "image": NoteCode.MEDIA,
    "image_base64": NoteCode.MEDIA,
}
# What Moodle itself fills in, in English.
_USUAL_FEEDBACK = frozenset(
    {"Your answer is correct.", "Your answer is partially correct.", "Your answer is incorrect."}
)


@dataclass
class QuestionElement:
    node: Node
    # Those of the question around it, for one inside another.
    languages: Sequence[str] = ()
    notes: list[Note] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    text: dict[str, str] = field(default_factory=dict)
    # What the text shows, with its description.
    medium: dict[str, Any] = field(default_factory=dict)

    def _read_text(self, node: Node | None) -> None:
        """The text of the question, and the first picture in it that it comes with."""
        taken = self._named_in(node)
        said = self._passage(node, taken=taken)
        self.languages = self.languages or said.languages
        self.text = said.texts(self.languages)
        if taken:
            name = self.pictures[-1].name
            self.medium = {"picture": name, "alt": said.alt_of(taken, self.languages)}

    def _named_in(self, node: Node | None) -> str:
        """How the text names the picture that is kept with the question; others are noted."""
        said = node.first("text") if node else None
        if node is None or said is None:
            return ""
        files = {f"{one.get('path', '/')}{one.get('name')}".lstrip("/"): one for one in node.all("file")}
        for image in read_text(said.text, node.get("format")).images if files else ():
            file = files.get(unquote(image.source.removeprefix(_FILES)))
            if file is None or not image.source.startswith(_FILES):
                continue
            data = picture_of_base64(file.text)
            if is_taken(data):
                name = tidy_line(file.get("name").rsplit("/", 1)[-1]) or "picture"
                self.pictures.append(
                    Picture(f"text-{name}" if _is_another(self.node, name, file) else name, data)
                )
                return image.source
        return ""

    def _passage(self, node: Node | None, *, taken: str = "") -> Passage:
        """The text in an element, with what it loses noted. `taken`: how it names the picture that is kept."""
        if node is None:
            return Passage()
        said = node.first("text")
        passage = (
            read_text(said.text, node.get("format"), taken=taken) if said else read_plain(node.text[:200])
        )
        self.notes += passage.notes
        # A file that the text shows is noted already.
        shown = {unquote(note.detail.rsplit("/", 1)[-1]) for note in passage.notes}
        shown.add(unquote(taken.rsplit("/", 1)[-1]))
        self.notes += [
            Note(NoteCode.MEDIA, shortened(one.get("name")))
            for one in node.all("file")
            if one.get("name") not in shown
        ]
        return passage

    def _texts(self, node: Node | None) -> dict[str, str]:
        return self._passage(node).texts(self.languages)

    def _points(self) -> int:
        said = self.node.text_of("defaultgrade") or "1"
        points = number_in(said)
        kept = min(max(round(points), 1), MOST_POINTS)
        if kept != points:
            self.notes.append(Note(NoteCode.POINTS, said))
        return kept

    def _note_the_rest(self) -> None:
        for node in self.node.children:
            said = node.text.strip()
            if node.name in _NOTED:
                self._note(_NOTED[node.name], node)
            elif node.name == "penalty" and said and number_in(said) > 0:
                self.notes.append(Note(NoteCode.PENALTY, said))
            elif node.name == "hidden" and is_true(said):
                self.notes.append(Note(NoteCode.HIDDEN))
            elif node.name == "shuffleanswers" and said and not is_true(said):
                self.notes.append(Note(NoteCode.FIXED_ORDER))
            elif node.name not in _KNOWN:
                self.notes.append(Note(NoteCode.ELEMENT, node.name))

    def _note(self, code: NoteCode, node: Node | None) -> None:
        said = self._passage(node).plain
        if said and said not in _USUAL_FEEDBACK:
            self.notes.append(Note(code, shortened(said)))

    def _answers(self) -> list[tuple[Node, str]]:
        """The answers with their shares; feedback is noted."""
        answers = self.node.all("answer")
        if not answers:
            raise FaultyQuestion(FaultCode.ANSWER_MISSING)
        for one in answers:
            self._note(NoteCode.ANSWER_FEEDBACK, one.first("feedback"))
        return [(one, share_of_percent(one.get("fraction", "0"))) for one in answers]


def _is_another(node: Node, name: str, file: Node) -> bool:
    """Whether the picture of a hotspot has this name and is another one than that of its text."""
    said = file.text.strip()
    return any(
        tidy_line(one.get("name").rsplit("/", 1)[-1]) == name and one.text.strip() != said
        for one in node.all("file")
    )


def is_true(text: str) -> bool:
    return text.strip().lower() in {"1", "true"}
