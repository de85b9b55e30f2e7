"""The site's pages: the catalog as its front page, a program of each trade, in Arabic and English."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.images import get_image_model
from wagtail.models import Locale, Page

from accounts.enums import RoleName
from accounts.models import ContentOwner, User
from accounts.services.content import assign_content
from assessment.models import QuizPage
from courses.models import CatalogPage, CoursePage, LessonPage, ProgramPage
from courses.services.front_page import open_front_page
from courses.services.reviews import publish_reviewed, submit_for_review
from lms.demo.people import DemoPeople
from lms.demo.slides import board_picture, encoded
from lms.demo.texts import (
    PROGRAMS,
    Callout,
    CourseText,
    LessonText,
    Picture,
    ProgramText,
    QuizText,
    Text,
    Video,
    Words,
)
from media_pipeline.models import Video as Film

# The center whose instructors write a program.
WRITTEN_AT = {
    "electrical": "CAI-03", "welding": "GHR-01", "tailoring": "BNS-M2", "networks": "CAI-03", "plumbing": "ALX-02",
    "cooking": "ASN-01",
}  # fmt: skip
BOARD = "لوحة التوزيع الرئيسية"


@transaction.atomic
def build_content(cast: DemoPeople, videos: Mapping[str, Film]) -> dict[str, ProgramPage]:
    """Find or make every page; the programs by key, in Arabic, the language cohorts are pinned to.

    `videos`: "slides", "camera" and "phone". A lesson whose video is not at hand is made without it.
    """
    catalog = open_front_page(by=cast.admin)
    ministry = _Writer(cast.login(RoleName.MINISTRY_OFFICER), cast.colleague, videos)
    programs = {}
    for key, text in PROGRAMS.items():
        program = programs[key] = ministry.program(catalog, text)
        center = cast.centers[WRITTEN_AT[key]]
        if not ContentOwner.objects.filter(translation_key=program.translation_key).exists():
            assign_content(page_id=program.pk, center=center, by=ministry.author)
        author = cast.working_at(RoleName.INSTRUCTOR, center.code)
        local = _Writer(author, cast.working_at(RoleName.CENTER_MANAGER, center.code), videos)
        for course in text.courses:
            local.course(program, course)
    return programs


class _Writer:
    """Writes pages in both languages as their author; another user reviews and publishes them."""

    def __init__(self, author: User, publisher: User, videos: Mapping[str, Film]) -> None:
        # What a user may do is read once for the life of a user object; these were made before their roles.
        self.author = User.objects.get(pk=author.pk)
        self.publisher = User.objects.get(pk=publisher.pk)
        self.videos = videos
        self._picture_id: int | None = None

    def program(self, catalog: CatalogPage, text: ProgramText) -> ProgramPage:
        facts = {
            "code": text.code,
            "occupation_code": text.occupation,
            "sector": text.sector,
            "level_id": text.level,
            "hours": text.hours,
        }
        words = {
            "title": text.title,
            "summary": text.summary,
            "skills": text.skills,
            "body": text.body,
            "search_description": text.summary,
        }
        return self._page(catalog, ProgramPage, text.slug, words, facts)

    def course(self, program: ProgramPage, text: CourseText) -> None:
        course = self._page(program, CoursePage, text.slug, {"title": text.title, "intro": text.intro})
        for unit in text.units:
            if isinstance(unit, QuizText):
                self._quiz(course, unit)
            else:
                self._lesson(course, unit)

    def _lesson(self, course: CoursePage, text: LessonText) -> None:
        body = (json.dumps(self._blocks(text, 0)), json.dumps(self._blocks(text, 1)))
        self._page(course, LessonPage, text.slug, {"title": text.title, "body": body})

    def _quiz(self, course: CoursePage, text: QuizText) -> None:
        questions = (json.dumps(_questions(text, 0)), json.dumps(_questions(text, 1)))
        words = {"title": text.title, "intro": text.intro, "questions": questions}
        self._page(course, QuizPage, text.slug, words)

    def _page[P: Page](
        self,
        parent: Page,
        kind: type[P],
        slug: str,
        words: Mapping[str, Words],
        facts: Mapping[str, Any] | None = None,
    ) -> P:
        page = kind.objects.child_of(parent).filter(slug=slug).first()
        if page is None:
            page = kind(
                slug=slug,
                locale=parent.locale,
                owner=self.author,
                **{name: said[0] for name, said in words.items()},
                **(facts or {}),
            )
            parent.add_child(instance=page)
            self._publish(page)
        self._translate(page, {name: said[1] for name, said in words.items()})
        return page

    def _translate(self, page: Page, fields: Mapping[str, Any]) -> None:
        """Make and publish the page's English translation where there is none."""
        english = Locale.objects.get(language_code="en")
        if page.get_translation_or_none(english) is not None:
            return
        translation = page.copy_for_translation(english)
        for name, value in fields.items():
            setattr(translation, name, value)
        self._publish(translation)

    def _publish(self, page: Page) -> None:
        page.save_revision(user=self.author)
        review = submit_for_review(page_id=page.pk, by=self.author).current_task_state_id
        publish_reviewed(review_id=review, by=self.publisher)
        page.refresh_from_db()

    def _blocks(self, text: LessonText, language: int) -> list[dict[str, Any]]:
        blocks = []
        for number, block in enumerate(text.blocks):
            value: Any
            match block:
                case Text(html):
                    kind, value = "text", html[language]
                case Callout(callout_kind, title, html):
                    kind = "callout"
                    value = {"kind": callout_kind, "title": title[language], "text": html[language]}
                case Video(key):
                    if key not in self.videos:
                        continue
                    kind, value = "video", self.videos[key].pk
                case Picture(description, caption):
                    image = {"image": self._picture(), "alt_text": description[language], "decorative": False}
                    kind, value = "picture", {"image": image, "caption": caption[language]}
            blocks.append({"type": kind, "value": value, "id": _id(text.slug, number)})
        return blocks

    def _picture(self) -> int:
        if self._picture_id is None:
            images = get_image_model().objects
            image = images.filter(title=BOARD).first()
            if image is None:
                file = ContentFile(encoded(board_picture(1200, 675), "PNG"), name="distribution-board.png")
                image = images.create(title=BOARD, file=file, uploaded_by_user=self.author)
            self._picture_id = image.pk
        return self._picture_id


def _questions(text: QuizText, language: int) -> list[dict[str, Any]]:
    # The same ids in both languages: an answer key made in one fits the other.
    return [
        {
            "type": question.kind,
            "id": _id(text.slug, number),
            "value": {
                "text": question.text[language],
                "options": [
                    {
                        "type": "item",
                        "id": _id(text.slug, number, place),
                        "value": {"text": words[language], "is_right": is_right},
                    }
                    for place, (words, is_right) in enumerate(question.options)
                ],
                "explanation": question.explanation[language],
                "points": 1,
            },
        }
        for number, question in enumerate(text.questions)
    ]


def _id(*parts: object) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(map(str, parts))))
