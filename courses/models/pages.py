"""What has a URL and an editorial life: catalog > program > course > units."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from courses.enums import CompletesBy, Level, Sector


class CatalogPage(Page):
    """Every program on offer, with Arabic-folded search and filters."""

    intro = RichTextField(_("introduction"), blank=True, features=("bold", "link"))

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types = ("wagtailcore.Page",)
    subpage_types = ("courses.ProgramPage",)
    template = "courses/catalog_page.html"

    class Meta:
        verbose_name = _("catalog")


class ProgramPage(Page):
    """A vocational program: what is taught, to what level, in how many hours."""

    code = models.CharField(_("code"), max_length=20, help_text=_("Stands in records, e.g. ELE-H2."))
    sector = models.CharField(_("sector"), max_length=20, choices=Sector)
    level = models.CharField(_("level"), max_length=20, choices=Level)
    hours = models.PositiveSmallIntegerField(_("hours"))
    occupation_code = models.CharField(_("ISCO-08 code"), max_length=8, blank=True)
    summary = models.TextField(_("summary"), max_length=400)
    body = RichTextField(_("description"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("code"),
        FieldPanel("sector"),
        FieldPanel("level"),
        FieldPanel("hours"),
        FieldPanel("occupation_code"),
        FieldPanel("summary"),
        FieldPanel("body"),
    ]
    parent_page_types = ("courses.CatalogPage",)
    subpage_types = ("courses.CoursePage",)
    template = "courses/program_page.html"

    class Meta:
        verbose_name = _("program")
        verbose_name_plural = _("programs")


class CoursePage(Page):
    """One part of a program: an ordered list of units."""

    intro = RichTextField(_("introduction"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types = ("courses.ProgramPage",)
    # Sibling apps bring their own kinds of unit; `UnitPage.parent_page_types` names the parent.
    subpage_types = None
    template = "courses/course_page.html"

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")


class UnitPage(Page):
    """A step a trainee takes and completes. Abstract: lessons live here, quizzes in `assessment`.

    Progress is kept under `translation_key`, so that both languages of a unit share it.
    """

    is_required = models.BooleanField(_("required for completion"), default=True)

    content_panels = [*Page.content_panels, FieldPanel("is_required")]
    parent_page_types = ("courses.CoursePage",)
    subpage_types = ()

    class Meta:
        abstract = True

    def completes_by(self) -> CompletesBy:
        """Say what completes this unit. Kinds of unit with a video or with marks answer for themselves."""
        return CompletesBy.READING


class LessonPage(UnitPage):
    """A lesson: text, pictures, video, attachments."""

    template = "courses/lesson_page.html"

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
