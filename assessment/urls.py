"""Addresses of quizzes and attempts, under the language prefix."""

from django.urls import path

from assessment import appeal_views, file_views, picture_views, views

app_name = "assessment"
urlpatterns = [
    path("quizzes/<uuid:unit_key>/start/", views.start, name="start"),
    path("attempts/worker.js", views.attempt_worker, name="worker"),
    path("attempts/<uuid:public_id>/", views.show_attempt, name="attempt"),
    path("attempts/<uuid:public_id>/appeal/<int:slot>/", appeal_views.appeal, name="appeal"),
    path("attempts/<uuid:public_id>/pictures/<int:slot>/", picture_views.picture, name="picture"),
    path("attempts/<uuid:public_id>/media/<int:slot>/<str:part>/", picture_views.medium, name="medium"),
    path("attempts/<uuid:public_id>/files/<int:slot>/", file_views.answer_by_files, name="files"),
    path(
        "attempts/<uuid:public_id>/files/<int:slot>/<uuid:sent_as>/",
        file_views.receive_file_part,
        name="file_part",
    ),
    path("attempts/<uuid:public_id>/file/<uuid:file_id>/", file_views.own_file, name="answer_file"),
    path(
        "attempts/<uuid:public_id>/feedback/<uuid:file_id>/", file_views.feedback_file, name="feedback_file"
    ),
    path("attempts/<uuid:public_id>/changes/", views.save, name="changes"),
    path("attempts/<uuid:public_id>/state/", views.state, name="state"),
    path("attempts/<uuid:public_id>/go-on/", views.go_on, name="go_on"),
    path("attempts/<uuid:public_id>/submit/", views.submit, name="submit"),
]
