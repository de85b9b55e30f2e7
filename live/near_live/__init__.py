"""Near-live playback of classes, by fragments over a socket: an optional engine."""
