from django.urls import path, re_path

from live import views

app_name = "live"

urlpatterns = [
    path("", views.index, name="index"),
    path("calendar/", views.calendar_address, name="calendar_address"),
    path("calendar/<str:token>.ics", views.feed, name="feed"),
    path("<uuid:public_id>/class.ics", views.class_calendar, name="class_calendar"),
    path("<uuid:public_id>/", views.room, name="room"),
    path("<uuid:public_id>/register/", views.register, name="register"),
    path("<uuid:public_id>/objection/", views.objection, name="objection"),
    path("<uuid:public_id>/ticket/", views.ticket, name="ticket"),
    path("<uuid:public_id>/sender-ticket/", views.sender_ticket, name="sender_ticket"),
    path("<uuid:public_id>/voice-ticket/", views.voice_ticket, name="voice_ticket"),
    path("<uuid:public_id>/roster/", views.roster, name="roster"),
    path("<uuid:public_id>/candidates/", views.candidates, name="candidates"),
    path("<uuid:public_id>/calls/<int:seq>/", views.number_to_call, name="number_to_call"),
    path("<uuid:public_id>/groups/", views.groups, name="groups"),
    path("<uuid:public_id>/slides/", views.slides, name="slides"),
    path("<uuid:public_id>/lesson/", views.lesson, name="lesson"),
    path("<uuid:public_id>/replay/", views.replay, name="replay"),
    path("<uuid:public_id>/recorded/", views.recorded, name="recorded"),
    path("replay/<uuid:unit_key>/", views.lesson_replay, name="lesson_replay"),
]

# Signed addresses without a language; nginx answers them in the scaled mode.
file_patterns = [
    re_path(
        r"^media/s/(?P<expires>[0-9]{1,12})-(?P<viewer>[0-9a-f]{16})/(?P<signature>[A-Za-z0-9_-]{22})/"
        r"(?P<path>[0-9a-f]{32})/(?P<name>[0-9a-f]{32}-(?:480|1280)\.(?:webp|png))\Z",
        views.slide_picture,
        name="slide_picture",
    ),
]
