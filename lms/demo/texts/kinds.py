"""The shapes of the demo's texts. Every text is a pair: Arabic, English."""

from dataclasses import dataclass

from courses.enums import Sector

Words = tuple[str, str]


@dataclass(frozen=True)
class Text:
    html: Words


@dataclass(frozen=True)
class Callout:
    kind: str
    title: Words
    html: Words


@dataclass(frozen=True)
class Video:
    key: str


@dataclass(frozen=True)
class Picture:
    description: Words
    caption: Words


@dataclass(frozen=True)
class LessonText:
    slug: str
    title: Words
    blocks: tuple[Text | Callout | Video | Picture, ...]


@dataclass(frozen=True)
class Question:
    """`options` with whether they are right."""

    kind: str
    text: Words
    options: tuple[tuple[Words, bool], ...]
    explanation: Words


@dataclass(frozen=True)
class QuizText:
    slug: str
    title: Words
    intro: Words
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class CourseText:
    slug: str
    title: Words
    intro: Words
    units: tuple[LessonText | QuizText, ...]


@dataclass(frozen=True)
class ProgramText:
    slug: str
    code: str
    occupation: str
    sector: Sector
    # The code of a skill level.
    level: str
    hours: int
    title: Words
    summary: Words
    # One skill on each line.
    skills: Words
    body: Words
    courses: tuple[CourseText, ...]
    # Percent of attendance and of the tests that completing takes.
    attendance: int = 75
    score: int = 0
