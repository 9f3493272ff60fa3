"""The parts of sync_reports.py: which sources, what is in their buckets, how a file gets here.

sources        what to mirror, from sources.toml or flags
report_keys    which keys are reports, and what stays below the mirror
bucket         listing and reading one source's bucket
fetching       one object from the bucket to its verified file
record         what is mirrored, in SQLite beside the files
syncing        one source brought up to date
advice         what to do about an error
"""
