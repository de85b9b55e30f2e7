"""Enumerations of this app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuestionKind(models.TextChoices):
    SINGLE = "single", _("one right answer")
    MULTIPLE = "multiple", _("several right answers")
    TRUE_FALSE = "true_false", _("true or false")
    NUMERIC = "numeric", _("a number")
    SHORT_TEXT = "short_text", _("a word")
    MATCHING = "matching", _("pairs")


class AttemptState(models.TextChoices):
    OPEN = "open", _("open")
    MARKED = "marked", _("marked")
