"""Handles a dbt log that cannot be written, for example on a full disk."""

from __future__ import annotations

import logging
import sys


def tell_once() -> None:
    """Print a single line if a log cannot be written; the build continues without it.

    By default, Python prints a stack trace for every line that it cannot log, and the line itself,
    even if it is SQL.
    """
    told = set()

    def handle_error(handler: logging.Handler, _: logging.LogRecord) -> None:
        name = getattr(handler, "baseFilename", "what dbt prints")
        if name not in told:
            told.add(name)
            print(
                f"{name} cannot be written: {sys.exc_info()[1]}. The command continues without it.",
                file=sys.stderr,
            )

    logging.Handler.handleError = handle_error  # type: ignore[method-assign, assignment]
