"""Settings of the media server, from the environment."""

from environs import Env, validate

env = Env()

# What carries picture and sound of live classes: this site, or a separate media server (docs/how-to/live-media-servers.md).
LIVE_MEDIA_BACKEND = env.str(
    "LIVE_MEDIA_BACKEND", default="builtin", validate=validate.OneOf(["builtin", "whip"])
)
# The addresses at which that server takes offers to send and to watch, as this site reaches it: http://media:8889/{stream}/whip
LIVE_WHIP_ADDRESS = env.str("LIVE_WHIP_ADDRESS", default="")
LIVE_WHEP_ADDRESS = env.str("LIVE_WHEP_ADDRESS", default="")
# The bearer token of this site at that server. Browsers never see it.
LIVE_MEDIA_TOKEN = env.str("LIVE_MEDIA_TOKEN", default="")
# stun: and turn: addresses for browsers behind strict networks, and the secret of the relay (coturn's static-auth-secret).
LIVE_ICE_SERVERS: list[str] = env.list("LIVE_ICE_SERVERS", default=[])
LIVE_TURN_SECRET = env.str("LIVE_TURN_SECRET", default="")
