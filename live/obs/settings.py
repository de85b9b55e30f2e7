"""The address at which OBS connects."""

from environs import Env

env = Env()

# The UDP port on which `manage.py receive_srt` listens for OBS; 0: classes are sent from browsers only.
LIVE_SRT_PORT = env.int("LIVE_SRT_PORT", default=0)
# The host name of the listening machine, as instructors reach it; empty: that of SITE_URL.
LIVE_SRT_HOST = env.str("LIVE_SRT_HOST", default="")
