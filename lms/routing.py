"""Every websocket path of the site."""

websocket_urlpatterns: list = []
