"""Modules for the loaders, sync_reports.py and sync_directory.py.

mirror     for sync_reports.py: buckets, reports, and fetching
directory  for sync_directory.py: users and groups in IAM Identity Center
shared     for both: sources, access to AWS, and advice on errors
"""
