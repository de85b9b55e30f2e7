"""The limit of near-live viewers."""

from environs import Env, validate

env = Env()

# How many viewers of one class get it nearly live, by fragments over a socket instead of segments; 0: none.
LIVE_NEARLY_LIVE_VIEWERS = env.int(
    "LIVE_NEARLY_LIVE_VIEWERS", default=100, validate=validate.Range(min=0, max=1000)
)
