"""The parts of sync_reports.py: which sources, what is in their buckets, how a file gets here.

report_keys     which keys are reports, and what stays below the mirror
bucket          listing and reading one source's bucket
fetching        one object from the bucket to its verified file
record          what is mirrored, in SQLite beside the files
syncing         one source brought up to date

Of sync_directory.py:

identity_store  who is in IAM Identity Center

And of both:

sources         what to read, from sources.toml or flags
aws             how AWS is reached: sessions, roles, endpoints
advice          what to do about an error
loader_options  options, the choice of sources, the lock
"""
