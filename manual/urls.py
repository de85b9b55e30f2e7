"""Addresses of the manual, below those of the workplace."""

from django.urls import path

from manual.views import HowToView, ManualView

app_name = "manual"

urlpatterns = [
    path("", ManualView.as_view(), name="index"),
    path("<slug:slug>/", HowToView.as_view(), name="page"),
]
