"""Turns one untrusted media file into a validated HLS package on disk. Free of Django.

The order of work: sniff -> probe -> plan -> encode -> package -> validate. Every ffmpeg and
ffprobe process goes through `runner.run`.
"""
