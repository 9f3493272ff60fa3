"""The parts of the loaders, sync_reports.py and sync_directory.py.

mirror     of sync_reports.py: buckets, their reports, and how a file gets here
directory  of sync_directory.py: who is in IAM Identity Center
shared     of both: what to read, how AWS is reached, what to do about errors
"""
