"""Addresses of learning, below the language."""

from django.urls import path

from courses.views.catalog import find_catalog, find_info
from courses.views.catalog_search import suggest
from courses.views.learning import my_learning
from courses.views.seats import give_back, take_seat
from courses.views.units import mark_done, report_progress

app_name = "courses"

urlpatterns = [
    path("", my_learning, name="my_learning"),
    path("programs/", find_catalog, name="catalog"),
    path("info/<slug:kind>/", find_info, name="info"),
    path("programs/suggest/", suggest, name="suggest"),
    path("enroll/<uuid:cohort>/", take_seat, name="enroll"),
    path("give-back/<uuid:enrollment>/", give_back, name="give_back"),
    path("done/<uuid:enrollment>/<uuid:unit_key>/", mark_done, name="unit_done"),
    path("progress/<uuid:enrollment>/<uuid:unit_key>/", report_progress, name="progress"),
]
