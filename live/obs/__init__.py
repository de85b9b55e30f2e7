"""Classes sent with OBS by SRT: an engine that a site may do without.

A confined program listens, and a confined ffmpeg makes of it what a browser sends.
"""
