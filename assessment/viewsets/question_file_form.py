"""The form by which a file of questions is uploaded."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from accounts.enums import Act
from accounts.scoping import holds_everywhere
from assessment.bilingual import LANGUAGES
from assessment.enums import FileFormat
from assessment.exchange.formats import format_of
from assessment.exchange.item import MOST_ITEMS, UnreadableFile
from assessment.exchange.pictures import MOST_BYTES as MOST_OF_A_PICTURE
from assessment.exchange_words import FAULTS
from assessment.models import QuestionImport
from assessment.models.questions import LONGEST_TAG
from assessment.services.bank import MOST_TAGS
from assessment.services.question_imports import MEGABYTE, MOST_BYTES
from assessment.viewsets.bank_form import tags_in


class FileChoice(forms.ClearableFileInput):
    """A button in the language of the page: browsers write on theirs what their own language says."""

    template_name = "assessment/admin/file_choice.html"


class UploadQuestionsForm(WagtailAdminModelForm):
    """A file of questions, and what it does not say itself. `found_format` is that of a valid one."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "GIFT, Moodle XML, QTI 2 or 3, or a table as an Excel workbook or CSV file, of %(megabytes)s MB and %(questions)s questions at most. A picture in it has %(picture)s MB at most."
        ),
        widget=FileChoice(attrs={"accept": ".txt,.gift,.xml,.zip,.xlsx,.csv"}),
    )
    file_format = forms.ChoiceField(
        label=_("Format"),
        required=False,
        choices=[("", _("found by the content of the file")), *FileFormat.choices],
    )
    language = forms.ChoiceField(
        label=_("Language of texts that say none"),
        required=False,
        choices=[("", _("by their letters")), *LANGUAGES.items()],
        help_text=_("A text with Arabic letters is Arabic, another is English, unless you choose here."),
    )
    tags = forms.CharField(
        label=_("Tags for all questions"),
        required=False,
        max_length=MOST_TAGS * LONGEST_TAG,
        help_text=_(
            "With commas between them. They come before the tags of the file, and help to find the drafts."
        ),
    )
    has_category_tags = forms.BooleanField(
        label=_("Categories as tags"),
        required=False,
        help_text=_("The bank has no categories. The last part of the category of a question becomes a tag."),
    )

    class Meta:
        model = QuestionImport
        fields = ("owner",)

    field_order = ("file", "owner", "file_format", "language", "tags", "has_category_tags")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found_format = FileFormat.GIFT
        field = self.fields["file"]
        field.help_text = field.help_text % {
            "megabytes": MOST_BYTES // MEGABYTE,
            "questions": MOST_ITEMS,
            "picture": MOST_OF_A_PICTURE // 1_000_000,
        }
        if not holds_everywhere(self.for_user, Act.WRITE_QUESTIONS):
            self.fields["owner"].required = True
            self.fields["owner"].help_text = ""

    def clean_tags(self) -> list[str]:
        return tags_in(self.cleaned_data["tags"])

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(
                _("The file is larger than %(megabytes)s MB. Divide it into several files.")
                % {"megabytes": MOST_BYTES // MEGABYTE}
            )
        return file

    def clean(self) -> dict[str, Any]:
        """The format, which the content says where the author does not."""
        super().clean()
        file = self.cleaned_data.get("file")
        if file is None:
            return self.cleaned_data
        chosen = self.cleaned_data.get("file_format")
        try:
            # What is none of the formats is no better by a choice.
            found = format_of(file.read())
        except UnreadableFile as refusal:
            self.add_error("file", FAULTS[refusal.code])
            return self.cleaned_data
        finally:
            file.seek(0)
        if not chosen and found is None:
            self.add_error("file_format", _("The content does not say which format this is. Choose it."))
        else:
            self.found_format = FileFormat(chosen or str(found))
        return self.cleaned_data
