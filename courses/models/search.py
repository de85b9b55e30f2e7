"""The search index of the catalog. Synonyms are edited by staff; all other rows are derived from programs."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.pages import ProgramPage


class SynonymGroup(models.Model):
    """Words that mean the same trade, in any language: a program that holds one is found by every other."""

    # A table of the ministry.
    center_path = None

    words = models.TextField(
        _("words"),
        max_length=3000,
        help_text=_(
            "Separated by commas or one on each line, in Arabic and English, also what people say every day."
            " Plurals with an ending, and the article, are found anyway."
        ),
    )
    # The words as stems (`courses.search_normalization.phrase_of`).
    phrases = ArrayField(models.CharField(max_length=200), default=list, editable=False)

    class Meta:
        ordering = ("words",)
        verbose_name = _("words that mean the same")
        verbose_name_plural = _("words that mean the same")
        indexes = (GinIndex(fields=["phrases"], name="synonym_group_phrases"),)

    def __str__(self) -> str:
        return self.words.replace("\n", "، ")[:80]


class ProgramSearchEntry(models.Model):
    """One published program page as the search reads it: the words of both its languages, wherever it is read."""

    page = models.OneToOneField(
        ProgramPage, models.CASCADE, primary_key=True, related_name="search_entry", verbose_name=_("program")
    )
    # Each lexeme once, with the weight of the best place it is in: A title and code, B occupation, skills, sector and
    # level, C everything else that is written, D places. `#12` says that words of the synonym group 12 are in it.
    vector = SearchVectorField()
    # The words it may be found by, folded, and how they are written: {"خياطه": "خياطة"}.
    words = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        indexes = (
            GinIndex(fields=["vector"], name="search_entry_vector"),
            GinIndex(fields=["words"], name="search_entry_words"),
        )

    def __str__(self) -> str:
        return str(self.page_id)


class SearchWord(models.Model):
    """A word by which programs are found, for mistyped words and for words that have only begun."""

    word = models.CharField(_("word"), max_length=40, primary_key=True, db_collation="C")
    written = models.CharField(_("as written"), max_length=40)
    stem = models.CharField(max_length=40, db_index=True)
    # `courses.spellings.sound_of`.
    sound = models.CharField(max_length=40, db_index=True)
    programs = models.PositiveIntegerField(_("programs"))
    # The word and its stem, each also without one of its letters (`courses.search_normalization.deletions_of`).
    deletions = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        verbose_name = _("search word")
        verbose_name_plural = _("search words")
        indexes = (GinIndex(fields=["deletions"], name="search_word_deletions"),)

    def __str__(self) -> str:
        return self.written


class StaleSearchEntry(models.Model):
    """A program that changed since it was indexed. Written with the change, deleted with the new entry."""

    translation_key = models.UUIDField()

    class Meta:
        verbose_name = _("stale search entry")
        verbose_name_plural = _("stale search entries")

    def __str__(self) -> str:
        return str(self.translation_key)
