"""Wagtail pages: catalog > program > course > units."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from accounts.folding import fold_arabic
from courses.blocks import LessonBlocks
from courses.enums import CompletesBy, Sector
from courses.models.reviews import ContentPage
from courses.search_normalization import words_of
from media_pipeline.models import Video
from media_pipeline.services.playback import sign_playback
from media_pipeline.services.revocations import viewer_of

TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]


class CatalogPage(ContentPage):
    """The programs on offer. Its own address shows the front page; `courses:catalog` lists the programs.

    Programs lie directly below it, so that their addresses, which are printed, stay as they are.
    """

    intro = RichTextField(_("introduction"), blank=True, features=["bold", "link"])
    front_title = models.CharField(
        _("title of the front page"),
        max_length=80,
        blank=True,
        help_text=_("What a visitor reads first. Leave it empty for the standard text."),
    )
    front_text = models.TextField(
        _("sentence below it"),
        max_length=300,
        blank=True,
        help_text=_("What this is, in one sentence. Numbers are counted and follow it by themselves."),
    )
    shows_trades = models.BooleanField(_("trades"), default=True)
    shows_starts = models.BooleanField(_("what starts soon"), default=True)
    shows_steps = models.BooleanField(_("how it works"), default=True)
    shows_verification = models.BooleanField(_("verifying a certificate"), default=True)
    shows_centers = models.BooleanField(_("centers"), default=True)

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("intro")], heading=_("List of programs")),
        MultiFieldPanel([FieldPanel("front_title"), FieldPanel("front_text")], heading=_("Front page")),
        MultiFieldPanel(
            [
                FieldPanel("shows_trades"),
                FieldPanel("shows_starts"),
                FieldPanel("shows_steps"),
                FieldPanel("shows_verification"),
                FieldPanel("shows_centers"),
            ],
            heading=_("Sections of the front page"),
        ),
    ]
    parent_page_types = ("wagtailcore.Page",)
    subpage_types = ("courses.ProgramPage", "courses.InfoPage")
    max_count_per_parent = 1
    template = "courses/front_page.html"
    page_description = _("The front page, and the list of all programs with search and filters.")

    class Meta:
        verbose_name = _("catalog")

    @property
    def front_heading(self) -> str:
        return self.front_title or str(_("Learn a trade, and get a certificate that employers trust"))

    @property
    def front_sentence(self) -> str:
        return self.front_text or str(
            _(
                "Filmed lessons on your phone, days in a workshop near you, and a certificate anyone can verify."
            )
        )


class ProgramPage(ContentPage):
    """A vocational program: what is taught, to what level, in how many hours."""

    code = models.CharField(_("code"), max_length=20, help_text=_("Printed in records, e.g. ELE-H2."))
    sector = models.CharField(_("sector"), max_length=20, choices=Sector)
    level = models.ForeignKey(
        "courses.SkillLevel",
        models.PROTECT,
        db_column="level",
        related_name="+",
        verbose_name=_("level"),
    )
    hours = models.PositiveSmallIntegerField(_("hours"))
    occupation_code = models.CharField(
        _("ISCO-08 code"),
        max_length=8,
        blank=True,
        help_text=_("The occupation in the international classification, e.g. 7411 for electricians."),
    )
    summary = models.TextField(
        _("summary"),
        max_length=400,
        help_text=_("What a trainee will be able to do, in two or three sentences."),
    )
    skills = models.TextField(
        _("what you will be able to do"),
        max_length=2000,
        blank=True,
        help_text=_(
            "One skill on each line, e.g. Wire a distribution board. People find the program by these words."
        ),
    )
    body = RichTextField(_("description"), blank=True, features=TEXT_FEATURES)

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("code"), FieldPanel("occupation_code")]),
                FieldRowPanel([FieldPanel("sector"), FieldPanel("level"), FieldPanel("hours")]),
            ],
            heading=_("In the records"),
            help_text=_(
                "Certificates print these and the title. A draft that changes one of them is published by the ministry; cohorts that are open keep"
                " what they opened with."
            ),
        ),
        FieldPanel("summary"),
        FieldPanel("skills"),
        FieldPanel("body"),
    ]
    parent_page_types = ("courses.CatalogPage",)
    subpage_types = ("courses.CoursePage",)
    facts = ("title", "code", "level", "hours", "occupation_code")
    template = "courses/program_page.html"
    page_description = _("A vocational program of a trade and a level, made of courses.")
    search_fields = [
        *Page.search_fields,
        index.AutocompleteField("searchable_text"),
        index.FilterField("sector"),
        index.FilterField("level"),
    ]

    class Meta:
        verbose_name = _("program")
        verbose_name_plural = _("programs")

    def searchable_text(self) -> str:
        """The program's texts for the search of the workplace. The catalog has its own (`courses.queries.search`)."""
        text = f"{self.title} {self.code} {self.summary} {strip_tags(self.body)}"
        return " ".join([fold_arabic(text), *(form for word in words_of(text) for form in word.forms)])

    def skill_list(self) -> list[str]:
        return [skill.strip() for skill in self.skills.splitlines() if skill.strip()]


class CoursePage(ContentPage):
    """One part of a program: an ordered list of units."""

    intro = RichTextField(_("introduction"), blank=True, features=TEXT_FEATURES)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types = ("courses.ProgramPage",)
    # Sibling apps bring their own kinds of unit; `UnitPage.parent_page_types` names the parent.
    subpage_types = None
    template = "courses/course_page.html"
    page_description = _("One part of a program: lessons and quizzes in teaching order.")

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")


class UnitPage(ContentPage):
    """A step a trainee takes and completes. Abstract: lessons live here, quizzes in `assessment`.

    Progress is kept under `translation_key`, so that both languages of a unit share it.
    """

    is_required = models.BooleanField(_("required for completion"), default=True)

    content_panels = [*Page.content_panels, FieldPanel("is_required")]
    parent_page_types = ("courses.CoursePage",)
    subpage_types = ()

    class Meta:
        abstract = True

    # Of a pinned unit that was corrected for running cohorts: the newest `UrgentCorrection`.
    correction: Any = None
    # Fields, of plain values, that are the same in every language: those of the page in the source language hold.
    rules: ClassVar[tuple[str, ...]] = ()

    def pass_mark(self) -> int | None:
        """In percent; None where the unit states none."""
        return None

    def completes_by(self) -> CompletesBy:
        """What completes this unit. Overridden by units with a video or with marks."""
        return CompletesBy.READING

    def video(self) -> Video | None:
        """The video of this unit, if it is of a kind that has one."""
        return None

    def check_publishing(self) -> None:
        """Raises a `DomainError` where what the page holds cannot be taught as it is. Overridden by units with more."""

    def pinned_content(self) -> dict[str, Any]:
        """What a content version keeps of this unit, as JSON by the names of fields: all that a trainee sees and all that counts.

        The title and every field of the unit's own model; overridden by units with more.
        """
        content = self.serializable_data()
        own = [field.name for field in self._meta.local_concrete_fields if not field.primary_key]
        return {name: content[name] for name in ("title", *own)}


class LessonPage(UnitPage):
    """A lesson: text, pictures, video, attachments."""

    body = StreamField(LessonBlocks(), verbose_name=_("lesson"), blank=True)

    content_panels = [*UnitPage.content_panels, FieldPanel("body")]
    template = "courses/lesson_page.html"
    page_description = _("Text, pictures, a video and files. Trainees of a cohort see it.")

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def completes_by(self) -> CompletesBy:
        return CompletesBy.WATCHING if self.body.first_block_by_name("video") else CompletesBy.READING

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """What a trainee will see. The editor was already let in to this draft."""
        video = self.video()
        signed = (
            sign_playback(video=video, viewer=viewer_of(request.user)) if video and video.published else None
        )
        return {**super().get_preview_context(request, mode_name), "playback": signed}

    def video(self) -> Video | None:
        """The lesson's video; None without one, or when it was deleted."""
        block = self.body.first_block_by_name("video")
        return block.value if block else None
