from django.urls import path

from live import views

app_name = "live"

urlpatterns = [
    path("", views.index, name="index"),
    path("calendar/", views.calendar_address, name="calendar_address"),
    path("calendar/<str:token>.ics", views.feed, name="feed"),
    path("<uuid:public_id>/class.ics", views.class_calendar, name="class_calendar"),
    path("<uuid:public_id>/", views.room, name="room"),
    path("<uuid:public_id>/ticket/", views.ticket, name="ticket"),
    path("<uuid:public_id>/sender-ticket/", views.sender_ticket, name="sender_ticket"),
    path("<uuid:public_id>/roster/", views.roster, name="roster"),
    path("<uuid:public_id>/candidates/", views.candidates, name="candidates"),
    path("<uuid:public_id>/calls/<int:seq>/", views.number_to_call, name="number_to_call"),
]
