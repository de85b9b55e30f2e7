"""URLs of our pages about the user's own login; they share the language prefix with those of django-allauth."""

from django.urls import include, path

from accounts.views import account, codes, data_requests, privacy, sessions, sign_in, view_as

urlpatterns = [
    path("sessions/", sessions.sessions, name="account_sessions"),
    path("sessions/<int:pk>/end/", sessions.end_one_session, name="account_end_session"),
    path("sessions/end-others/", sessions.end_other_sessions, name="account_end_other_sessions"),
    path("password/choose/", sign_in.choose_password, name="account_choose_password"),
    path("", account.account, name="account"),
    path("preferences/", account.preferences, name="account_preferences"),
    path("messages/", account.messages_to_you, name="account_messages"),
    path("photo/", account.photo, name="account_photo"),
    path("photo/file/", account.own_photo, name="account_photo_file"),
    path("photo/remove/", account.remove_own_photo, name="account_remove_photo"),
    path("login/whose/", sign_in.whose_account, name="account_whose"),
    path("number/", codes.prove_own_number, name="account_prove_number"),
    path("number/send/", codes.send_own_code, name="account_send_code"),
    path("recover/", codes.recover, name="account_recover"),
    path("recover/code/", codes.type_recovery_code, name="account_recover_code"),
    path("recover/password/", codes.choose_recovered_password, name="account_recover_password"),
    path("end-view/", view_as.end_own_view, name="account_end_view_as"),
    path("data/", account.own_data, name="account_data"),
    path("privacy/kept/", data_requests.kept_data, name="kept_data"),
    path("privacy/", privacy.privacy, name="account_privacy"),
    path("requests/<uuid:public_id>/", data_requests.data_request, name="data_request"),
    path("offers/", account.offers, name="offers"),
    path("offers/<int:pk>/", account.answer_offer, name="answer_offer"),
    # django-allauth's page would let people change their number, which is done at the desk.
    path("phone/change/", account.no_such_page, name="account_no_phone_change"),
    path("provider/", include("allauth.socialaccount.urls")),
]

# Without the language: the identity provider knows one address of ours.
sign_in_patterns = [
    path("sign-in/<str:provider_id>/", sign_in.sign_in_by_provider, name="openid_connect_login"),
    path("sign-in/<str:provider_id>/callback/", sign_in.come_from_provider, name="openid_connect_callback"),
]
