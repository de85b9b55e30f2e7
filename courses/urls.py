"""Addresses of programs, centers and learning, below the language."""

from django.urls import path
from django.views.generic import RedirectView

from courses.views.call_backs import call_back, call_back_sent
from courses.views.catalog import catalog, find_info
from courses.views.catalog_search import suggest
from courses.views.centers import centers
from courses.views.check_in import check_in
from courses.views.complaints import complain, complaint, find_complaint
from courses.views.learning import my_learning
from courses.views.own_attendance import own_attendance
from courses.views.questions import question, unit_questions
from courses.views.seats import give_back, leave_list, take_seat, wait
from courses.views.units import mark_done, report_progress, unit

app_name = "courses"

urlpatterns = [
    path("programs/", catalog, name="catalog"),
    path("centers/", centers, name="centers"),
    path("call/", call_back, name="call_back"),
    path("call/sent/", call_back_sent, name="call_back_sent"),
    path("complaints/", complain, name="complain"),
    path("complaints/find/", find_complaint, name="find_complaint"),
    path("complaints/<slug:reference>/", complaint, name="complaint"),
    path("learning/", my_learning, name="my_learning"),
    # Where the catalog was found before it had an address of its own.
    path(
        "learning/programs/",
        RedirectView.as_view(pattern_name="courses:catalog", query_string=True, permanent=True),
        name="earlier_catalog",
    ),
    path("learning/info/<slug:kind>/", find_info, name="info"),
    path("learning/programs/suggest/", suggest, name="suggest"),
    path("learning/enroll/<uuid:cohort>/", take_seat, name="enroll"),
    path("learning/wait/<uuid:cohort>/", wait, name="wait"),
    path("learning/leave-list/<uuid:entry>/", leave_list, name="leave_list"),
    path("learning/give-back/<uuid:enrollment>/", give_back, name="give_back"),
    path("learning/attendance/<uuid:enrollment>/", own_attendance, name="own_attendance"),
    path("learning/attend/<uuid:session>/", check_in, name="check_in"),
    path("learning/unit/<uuid:enrollment>/<uuid:unit_key>/", unit, name="unit"),
    path("learning/unit/<uuid:enrollment>/<uuid:unit_key>/questions/", unit_questions, name="unit_questions"),
    path("learning/question/<uuid:enrollment>/<uuid:question>/", question, name="question"),
    path("learning/done/<uuid:enrollment>/<uuid:unit_key>/", mark_done, name="unit_done"),
    path("learning/progress/<uuid:enrollment>/<uuid:unit_key>/", report_progress, name="progress"),
]
