from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    name = "assessment"
    verbose_name = _("Assessment")

    def ready(self) -> None:
        from assessment import receivers  # noqa: F401, PLC0415 - needs the app registry
        from assessment.models import QuizPage  # noqa: PLC0415 - needs the app registry
        from assessment.page_forms import QuizPageForm  # noqa: PLC0415 - needs the app registry
        from assessment.queries import accommodations, attempts, decisions, exams, marking, own_data  # noqa: F401, PLC0415 - they register with lower apps, which needs the app registry
        from assessment.services import answer_files_erasing, erased_rows, merging  # noqa: F401, PLC0415 - needs the app registry: it registers with a lower app

        # Set from here, so that models know no forms.
        QuizPage.base_form_class = QuizPageForm
