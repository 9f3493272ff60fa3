"""Parse the SQL files in a folder with Trino's grammar, and list the files that it rejects."""

import sys
from pathlib import Path

from trino_query_parser import TrinoSyntaxError, parse_statement


def main(folder: Path) -> int:
    files = sorted(folder.rglob("*.sql"))
    refused = 0
    for file in files:
        try:
            # The grammar accepts keywords and names only in uppercase.
            parse_statement(file.read_text())
        except TrinoSyntaxError as error:
            refused += 1
            print(f"{file.relative_to(folder)}: {error}")
    print(f"{len(files)} files parsed, {refused} refused.")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
