"""Decides which keys in a bucket are Kiro reports, and which are safe as paths."""

import functools
import re
import unicodedata

ACCOUNT = re.compile(r"[0-9]{12}")
REGION = re.compile(r"[a-z0-9-]+")
LOG_FOLDERS = ("KiroLogs", "QDeveloperLogs")
REPORT_FOLDERS = ("user_report", "by_user_analytic")

# A report's key in AWS's layout; the part number is before or after the timestamp.
# The models use the same pattern, in the macro report_file_pattern.
REPORT_KEY = re.compile(
    r"(?P<prefix>(?:.+/)?)AWSLogs/[0-9]{12}/(?:KiroLogs|QDeveloperLogs)/"
    r"(?:user_report/{day}/[A-Z][A-Z0-9_]*_[0-9]{12}_user_report"
    r"|by_user_analytic/{day}/[0-9]{12}_by_user_analytic)"
    r"(?:_part_[0-9]{1,6})?_[0-9]{8,14}(?:_part_[0-9]{1,6})?(?:_report)?[.]csv".replace(
        "{day}", "[a-z0-9-]+/[0-9]{4}/[0-9]{2}/[0-9]{2}/[0-9]{2}"
    )
)

# Windows device names, with any extension.
DEVICE_NAME = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:[.].*)?", re.IGNORECASE)


def is_safe_folder(name: str) -> bool:
    """Return whether a key segment is a valid folder name on every file system."""
    return (
        name not in ("", ".", "..")
        and name.isprintable()
        and not any(character in '\\:*?"<>|/' for character in name)
        and not name.endswith((".", " "))
        and not DEVICE_NAME.fullmatch(name)
        and len(name.encode()) <= 240
    )


@functools.cache
def is_safe_prefix(prefix: str) -> bool:
    """Return whether a prefix ('' or with a trailing slash) is a plain folder path."""
    return not prefix or all(map(is_safe_folder, prefix.removesuffix("/").split("/")))


def is_report_key(key: str) -> bool:
    """Return whether a key is a report file and, as a path, stays within the mirror."""
    matched = REPORT_KEY.fullmatch(key)
    return matched is not None and is_safe_prefix(matched["prefix"])


def path_identity(path: str) -> str:
    """Return a string that is equal for paths that a disk may not distinguish (case, accents)."""
    return unicodedata.normalize("NFC", path).casefold()
