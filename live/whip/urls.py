"""Addresses of browsers' offers and connections."""

from django.urls import path

from live.whip import views

app_name = "whip"

urlpatterns = [
    path("live/<uuid:public_id>/whip/", views.whip, name="whip"),
    path("live/<uuid:public_id>/whep/", views.whep, name="whep"),
    path("live/<uuid:public_id>/legs/<uuid:connection_id>/", views.media_connection, name="media_connection"),
]
