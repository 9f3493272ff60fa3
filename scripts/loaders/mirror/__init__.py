"""The mirror of the buckets' reports.

report_keys  which keys are reports, and what stays below the mirror
bucket       listing and reading one source's bucket
fetching     one object from the bucket to its verified file
record       what is mirrored, in SQLite next to the files
syncing      one source brought up to date
"""
