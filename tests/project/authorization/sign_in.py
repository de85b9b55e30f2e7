"""allauth's pages."""

from tests.project.authorization.table import Entry, public, signed_in

PROOF = "The key in the address was sent to the holder of the login."

SIGN_IN: dict[str, Entry] = {
    "account_login": public("The login page."),
    "account_logout": public("It ends the own session, where there is one."),
    "account_signup": public("Anyone may register as a trainee."),
    "account_inactive": public("It says that a login is closed."),
    "account_reset_password": public("Anyone may ask for a mail to the address of a login."),
    "account_reset_password_done": public("It says that a mail was sent."),
    "account_reset_password_from_key": public(PROOF),
    "account_reset_password_from_key_done": public("It says that the password is new."),
    "account_confirm_email": public(PROOF),
    "account_email_verification_sent": public("It says that a mail was sent."),
    "account_confirm_login_code": public("It continues a login that was begun in this session."),
    "account_verify_phone": public("It continues a login that was begun in this session."),
    "account_reauthenticate": signed_in("The own login."),
    "account_email": signed_in("The own addresses."),
    "account_change_password": signed_in("The own password."),
    "account_set_password": signed_in("The own password."),
    "account_change_phone": signed_in("The own number."),
}
