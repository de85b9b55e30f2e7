"""Addresses of quizzes and attempts, under the language prefix."""

from django.urls import path

from assessment import appeal_views, picture_views, views

app_name = "assessment"
urlpatterns = [
    path("quizzes/<uuid:unit_key>/start/", views.start, name="start"),
    path("attempts/<uuid:public_id>/", views.show_attempt, name="attempt"),
    path("attempts/<uuid:public_id>/appeal/<int:slot>/", appeal_views.appeal, name="appeal"),
    path("attempts/<uuid:public_id>/pictures/<int:slot>/", picture_views.picture, name="picture"),
    path("attempts/<uuid:public_id>/changes/", views.save, name="changes"),
    path("attempts/<uuid:public_id>/state/", views.state, name="state"),
    path("attempts/<uuid:public_id>/go-on/", views.go_on, name="go_on"),
    path("attempts/<uuid:public_id>/submit/", views.submit, name="submit"),
]
