"""Reads staff lists that other programs wrote: CSV and XLSX files, line by line, in flat memory."""
