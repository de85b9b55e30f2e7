"""Classes sent with OBS by SRT: an optional engine.

A sandboxed program listens, and a sandboxed ffmpeg converts what it receives into the format that browsers send.
"""
