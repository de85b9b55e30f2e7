from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("Courses")

    def ready(self) -> None:
        from courses import receivers  # noqa: F401, PLC0415 - needs the app registry
        from courses.forms.lessons import LessonForm  # noqa: PLC0415 - needs the app registry
        from courses.models import LessonPage  # noqa: PLC0415 - needs the app registry
        from courses.queries import call_backs, complaints, enrollments, info, people, questions  # noqa: F401, PLC0415 - needs the app registry: they register with lower apps
        from courses.services import erased_rows, merging, question_erasing  # noqa: F401, PLC0415 - needs the app registry: they register with a lower app

        # Set from here, so that models know no forms.
        LessonPage.base_form_class = LessonForm
