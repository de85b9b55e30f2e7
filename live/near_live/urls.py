"""The address at which a page asks for a near-live ticket."""

from django.urls import path

from live.near_live import views

app_name = "flow"

urlpatterns = [path("live/<uuid:public_id>/viewer-ticket/", views.viewer_ticket, name="viewer_ticket")]
