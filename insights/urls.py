"""Addresses of the public figures, below the language."""

from django.urls import path

from insights.views.public import public_figures, public_file

app_name = "insights"

urlpatterns = [
    path("figures/", public_figures, name="public"),
    path("figures/file.csv", public_file, name="public_file"),
]
