"""What dbt's log does where it cannot be written, as on a full disk."""

from __future__ import annotations

import logging
import sys


def tell_once() -> None:
    """Say in one line that a log cannot be written; the build goes on without it.

    Python would print a stack and the message for each line of the log, which has every statement.
    """
    told = set()

    def handle_error(handler: logging.Handler, _: logging.LogRecord) -> None:
        name = getattr(handler, "baseFilename", "what dbt prints")
        if name not in told:
            told.add(name)
            print(
                f"{name} cannot be written: {sys.exc_info()[1]}. The command goes on without it.",
                file=sys.stderr,
            )

    logging.Handler.handleError = handle_error  # type: ignore[method-assign, assignment]
