"""Which picture a question shows: a file of the library of documents, behind the same fence, among pictures alone."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.documents.models import Document
from wagtail.documents.views.chooser import (
    DocumentChooseResultsView,
    DocumentChooserUploadView,
    DocumentChooserViewSet,
    DocumentChooseView,
)

from accounts.services.formatting import localize_digits
from accounts.services.photos import MOST_BYTES, MOST_MILLIONS, PhotoTooLarge
from assessment.blocks.medium import QuestionPictureChooser
from courses.blocks import PICTURES

if TYPE_CHECKING:
    # What is mixed into views of Wagtail, which has no types.
    WagtailView = Any
else:
    WagtailView = object

MEGABYTE = 1_000_000


class PictureFilterForm(BaseFilterForm):
    q = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=100)

    def filter(self, objects: QuerySet[Document]) -> QuerySet[Document]:
        return objects.filter(title__icontains=self.cleaned_data["q"])


class PicturesAlone(WagtailView):
    """Of documents."""

    results_template_name = "assessment/admin/choose_picture_results.html"

    def get_object_list(self) -> QuerySet[Document]:
        named = Q()
        for extension in sorted(PICTURES):
            named |= Q(file__iendswith=f".{extension}")
        rows: QuerySet[Document] = super().get_object_list().filter(named)
        return rows

    def get_filter_form(self) -> PictureFilterForm:
        return PictureFilterForm(self.request.GET)


class UploadsPictures(WagtailView):
    """The limits are said before a file is chosen, and asked before it is kept."""

    def get_creation_form(self) -> forms.Form:
        form: forms.Form = super().get_creation_form()
        field = form.fields["file"]
        field.label = _("Picture")
        field.help_text = limits_in_words()
        field.widget.attrs["accept"] = "image/jpeg,image/png,image/webp"
        field.validators = [*field.validators, FileExtensionValidator(sorted(PICTURES)), require_small]
        return form


def require_small(file: Any) -> None:
    if file.size > MOST_BYTES:
        raise ValidationError(str(PhotoTooLarge()))


def limits_in_words() -> str:
    said = _(
        "A JPEG, PNG or WebP file of at most %(megabytes)s MB and %(millions)s million dots. It is made small for slow lines."
    )
    return localize_digits(said % {"megabytes": MOST_BYTES // MEGABYTE, "millions": MOST_MILLIONS})


class ChoosePictureView(UploadsPictures, PicturesAlone, DocumentChooseView):
    pass


class ChoosePictureResultsView(UploadsPictures, PicturesAlone, DocumentChooseResultsView):
    pass


class UploadPictureView(UploadsPictures, DocumentChooserUploadView):
    pass


class QuestionPictureChooserViewSet(DocumentChooserViewSet):
    choose_view_class = ChoosePictureView
    choose_results_view_class = ChoosePictureResultsView
    create_view_class = UploadPictureView
    # Fields that choose a document keep the chooser of documents.
    register_widget = False
    icon = "image"
    choose_one_text = QuestionPictureChooser.choose_one_text
    choose_another_text = QuestionPictureChooser.choose_another_text
    edit_item_text = QuestionPictureChooser.link_to_chosen_text


question_pictures = QuestionPictureChooserViewSet(
    "question_picture_chooser", model=Document, url_prefix="documents/question-pictures"
)
