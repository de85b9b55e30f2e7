"""The address at which staff manage OBS for a class."""

from django.urls import path

from live.obs import views

app_name = "obs"

urlpatterns = [path("live/<uuid:public_id>/obs/", views.obs, name="address")]
