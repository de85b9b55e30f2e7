"""Turns one untrusted media file into a validated HLS package on disk. Free of Django.

The road is `pipeline.transcode`: sniff -> probe -> plan -> encode -> package -> validate. Every ffmpeg and
ffprobe process goes through `runner.run`.
"""
