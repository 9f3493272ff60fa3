"""Modules for the mirror of the buckets' reports.

report_keys  decides which keys are reports and which are safe as paths
bucket       lists and reads a source's bucket
fetching     fetches and verifies an object
record       records mirrored files in SQLite, next to the files
syncing      brings a source up to date
"""
