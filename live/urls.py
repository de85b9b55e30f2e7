from django.urls import path

from live import views

app_name = "live"

urlpatterns = [
    path("", views.index, name="index"),
    path("<uuid:public_id>/", views.room, name="room"),
    path("<uuid:public_id>/ticket/", views.ticket, name="ticket"),
]
