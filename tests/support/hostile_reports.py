"""Made-up hostile or broken report files, and an independent reader for them."""

import datetime
import re
import unicodedata
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import strategies as st

DAY = "2026-06-01"

# Values that an attacker, a spreadsheet or a broken exporter might write.
HOSTILE_TEXTS = [
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "-2+3",
    "\t=1+1",
    "'; drop table base_kiro__report_files; --",
    "x') as t; copy (select 1) to 'executed.csv'; --",
    "{{ run_query('drop table base_kiro__report_files') }}",
    "{% do exceptions.raise_compiler_error('executed') %}",
    "${HOME}",
    "$(touch executed.csv)",
    "../../etc/passwd",
    "a/b\\c",
    "<script>alert(1)</script>",
    "\N{SMILING FACE WITH SUNGLASSES}",
    "\N{RIGHT-TO-LEFT OVERRIDE}gro.evil",
    "e\N{COMBINING ACUTE ACCENT}",
    "\N{ZERO WIDTH SPACE}",
    "\N{NO-BREAK SPACE}",
    "a\0b",
    "%s%n",
    "null",
    "x" * 300,
]
NUMBERS = [
    *("0", "-0", "1", "7", "1.5", "3.25", "0.000001", "0.0000004", "1e3", "1E2", "+4", ".5", "5."),
    *("1e308", "-1e308", "1e-400", "NaN", "nan", "inf", "-Infinity", "1,234", "1.234,5", "1_000"),
    *("0x1F", "1e9", "1000000001", "99999999.999999", "100000000", "100000001", "12.3.4", "--1"),
    *("-3", "1 2", "٣", "1e", "e1", "$5", "5%", "9" * 400, "true", "1/2"),
]
DATES = [
    *("2026-02-30", "2026-6-1", "06-01-2026", "2026/06/01", "2026-06-01T00:00:00", "2026-06-02"),
    *("0000-00-00", "9999-12-31", "20260601", "2026-06-01 ", "today", "infinity", "-2026-06-01"),
]
BOOLEANS = ["true", "FALSE", "True", "t", "F", "1", "0", "yes", "no", "y", "N", "maybe", "2", "on"]
LONGEST = 1000
RESERVED_COLUMNS = [
    *("select", "file_id", "line_number", "reason", "filename", "user_id", "header", "rowid"),
    *("Date", "UserId", "total_messages", "null", "", " ", "_messages", "a_messages", "*"),
]
COLUMNS = [
    *("Date", "UserId", "Client_Type", "Chat_Conversations", "Credits_Used", "Overage_Cap"),
    *("Overage_Credits_Used", "Overage_Enabled", "ProfileId", "Subscription_Tier"),
    *("Total_Messages", "New_User", "User_Email", "Usage_Limit"),
]
COUNTS = {"chat_conversations", "total_messages"}
MEASURED_AMOUNTS = {"credits_used", "overage_credits_used"}
AMOUNTS = MEASURED_AMOUNTS | {"overage_cap", "usage_limit"}

# The value of each column in a good row, and possible values in a hostile row.
texts = st.sampled_from(HOSTILE_TEXTS) | st.text(max_size=8)
GOOD = {
    "date": [DAY],
    "userid": ["u1", "D-9067AB.U2", "u3"],
    "client_type": ["KIRO_IDE", "kiro_cli", ""],
    "profileid": ["arn:profile/P", "", "with, comma"],
    "subscription_tier": ["PRO", "POWER", ""],
    "user_email": ["", "Some.One@Example.com"],
    "overage_enabled": ["true", "false", ""],
    "new_user": ["true", "false", ""],
}
GOOD |= {column: ["", "0", "3", "4.0"] for column in COUNTS}
GOOD |= {column: ["", "0.0", "1.5", "12.75"] for column in AMOUNTS}
numbers = st.sampled_from(NUMBERS) | texts
HOSTILE = {
    "date": st.sampled_from(DATES) | texts,
    "userid": st.sampled_from(["", "d-9067ab.", "D-9067AB. "]) | texts,
    "overage_enabled": st.sampled_from(BOOLEANS) | texts,
    "new_user": st.sampled_from(BOOLEANS) | texts,
}
HOSTILE |= dict.fromkeys(COUNTS | AMOUNTS, numbers)


def is_model(column: str) -> bool:
    return len(column) > len("_messages") and column.endswith("_messages")


@st.composite
def rows(draw, columns: list[str]) -> list[str]:
    """A row's values, with up to two hostile values: bare, quoted, or surrounded by spaces."""
    names = [column.strip(' "').lower() for column in columns]
    good = [GOOD.get(name, GOOD["total_messages"] if is_model(name) else [""]) for name in names]
    shift = draw(st.integers(0, 11))
    row = [choices[(shift + place) % len(choices)] for place, choices in enumerate(good)]
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 1, 2]))):
        place = draw(st.integers(0, len(row) - 1))
        row[place] = draw(HOSTILE.get(names[place], numbers if is_model(names[place]) else texts))
    notation = draw(st.sampled_from(["bare", "bare", "quoted", "spaced"]))
    if notation == "spaced":
        row = [f" {value}  " for value in row]
    is_quoted = [notation == "quoted" or "," in value or '"' in value for value in row]
    return [
        '"' + value.replace('"', '""') + '"' if quoted else value
        for value, quoted in zip(row, is_quoted, strict=True)
    ]


@st.composite
def headers(draw) -> list[str]:
    columns = list(COLUMNS[: draw(st.sampled_from([11, 11, 12, 13, 14]))])
    models = st.sampled_from(["auto", "claude_opus_4.6", "simple_task"]) | texts
    columns += [f"{draw(models)}_messages" for _ in range(draw(st.integers(0, 3)))]
    oddity = draw(st.sampled_from(["none"] * 8 + ["reserved", "shuffled", "lost", "case", "wide"]))
    if oddity == "reserved":
        columns.append(draw(st.sampled_from(RESERVED_COLUMNS)))
    elif oddity == "shuffled":
        columns = draw(st.permutations(columns))
    elif oddity == "lost":
        columns.pop(draw(st.integers(0, len(columns) - 1)))
    elif oddity == "case":
        columns = [f' "{column.upper()}" ' for column in columns]
    elif oddity == "wide":
        columns += [f"wide_{number}_messages" for number in range(draw(st.integers(50, 300)))]
    return columns


@st.composite
def tables(draw) -> str:
    """A header and some rows, of which a few have one value too many or too few."""
    columns = draw(headers())
    lines = [",".join(columns)]
    for _ in range(draw(st.integers(0, 6))):
        row = draw(rows(columns)) if columns else []
        change = draw(st.sampled_from(["none"] * 10 + ["short", "long", "blank", "quote"]))
        if change == "short" and row:
            row.pop(draw(st.integers(0, len(row) - 1)))
        elif change == "long":
            row.insert(draw(st.integers(0, len(row))), draw(texts))
        elif change == "quote":
            row.append('"')
        lines.append("" if change == "blank" else ",".join(row))
    return draw(st.sampled_from(["\n", "\n", "\r\n"])).join(lines) + draw(
        st.sampled_from(["\n", "\n", "", "\n\n"])
    )


@st.composite
def damaged_tables(draw) -> bytes:
    """A table with bytes changed in transit."""
    content = bytearray(draw(tables()).encode("utf-8", "surrogatepass"))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(content)))
        damage = draw(st.sampled_from(["insert", "cut", "repeat", "flip"]))
        if damage == "insert":
            piece = st.sampled_from([b"\0", b"\r", b"\n", b'"', b",", b"\xff", b"\xef\xbb\xbf"])
            content[place:place] = draw(piece | st.binary(max_size=5))
        elif damage == "cut":
            del content[place : place + draw(st.integers(1, 60))]
        elif damage == "repeat":
            content[place:place] = content[place : place + draw(st.integers(1, 200))]
        elif content:
            content[place % len(content)] ^= 1 << draw(st.integers(0, 7))
    return bytes(content)


report_files = st.one_of(
    tables().map(lambda text: text.encode("utf-8", "surrogatepass")),
    tables().map(lambda text: b"\xef\xbb\xbf" + text.encode("utf-8", "surrogatepass")),
    damaged_tables(),
    damaged_tables(),
    st.binary(max_size=200),
)


def largest_files() -> list[bytes]:
    """A field of ten million characters, quoted or not, and five thousand columns."""
    header = ",".join(COLUMNS[:11])
    row = f"{DAY},{{}},KIRO_IDE,1,1.5,1,0,false,p,PRO,3"
    huge = "x" * 10_000_000
    models = ",".join(f"model_{number}_messages" for number in range(5000))
    wide = row.format("u") + ",0" * 4999 + ",3"
    files = [
        f"{header}\n{row.format(huge)}\n{row.format('u')}\n",
        f"{header}\n{row.format(chr(34) + huge + chr(34))}\n{row.format('u')}\n",
        f"{header},{huge}_messages\n{row.format('u')},3\n",
        f"{header},{models}\n{wide}\n{wide}\n",
    ]
    return [text.encode() for text in files]


# Spaces removed around values: every Unicode space separator, but not tabs.
SPACES = "".join(chr(code) for code in range(0x3001) if unicodedata.category(chr(code)) == "Zs")


# Whitespace allowed around numbers and dates, such as a damaged line's carriage return.
WHITE_SPACE = " \t\n\v\f\r"


@dataclass
class Reading:
    """The independent reader's result: used lines with credits and messages, and unused lines."""

    used: dict[int, tuple[Decimal, int]] = field(default_factory=dict)
    rejected: set[int | None] = field(default_factory=set)


def read(content: bytes) -> Reading:
    """Read a file according to the report format, piece by piece."""
    reading = Reading()
    try:
        lines = content.decode("utf-8").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError:
        reading.rejected = {None}
        return reading
    header = [
        name.replace('"', "").replace("\ufeff", "").strip(SPACES).lower()
        for name in lines[0].split(",")
    ]
    is_table = {"date", "userid"} <= set(header) and len(set(header)) == len(header)
    is_table &= all(len(name.encode()) <= LONGEST for name in header)
    for number, line in enumerate(lines[1:], start=2):
        if line:
            fields = cut(line) if is_table else None
            counted = counts_of(header, fields) if fields else None
            if counted:
                reading.used[number] = counted
            else:
                reading.rejected.add(number)
    if not reading.used and not reading.rejected:
        reading.rejected = {None}
    return reading


def cut(line: str) -> list[str] | None:
    """The values of a line, or None if a quote is not closed."""
    fields, is_quoted = [""], False
    for piece in re.split('([",])', line):
        if piece == '"':
            is_quoted = not is_quoted
        elif piece == "," and not is_quoted:
            fields.append("")
        else:
            fields[-1] += piece
    return None if is_quoted else fields


def counts_of(header: list[str], fields: list[str]) -> tuple[Decimal, int] | None:
    """Credits and messages of a row, or None if its key or one of its measures cannot be read."""
    if len(fields) != len(header):
        return None
    row = {name: value.strip(SPACES) for name, value in zip(header, fields, strict=True)}
    try:
        day = datetime.datetime.strptime(row["date"].strip(WHITE_SPACE), "%Y-%m-%d")
        if str(day.date()) != DAY:
            return None
    except ValueError:
        return None
    if not row["userid"] or re.fullmatch("d-[0-9a-z]+[.]", row["userid"].lower()):
        return None
    if len(row["userid"].encode()) > LONGEST:
        return None
    for name, value in row.items():
        if name in COUNTS or is_model(name):
            number = number_of(value)
            # Counts are read as doubles, which drop fractions below their precision.
            if value and (number is None or not 0 <= number <= 10**9 or float(number) % 1):
                return None
        elif name in MEASURED_AMOUNTS:
            number = number_of(value)
            if value and (number is None or not 0 <= six_decimals(number) <= 10**8):
                return None
    credits = number_of(row.get("credits_used", "")) or Decimal(0)
    models = [value for name, value in row.items() if is_model(name) and name not in COUNTS]
    # If the row has no total, its message count is the sum over the models.
    totals = [row.get("total_messages")] if row.get("total_messages") else models
    return six_decimals(credits), sum(int(number_of(value) or 0) for value in totals)


def number_of(text: str) -> Decimal | None:
    """A number, possibly with underscores between digits, or None for anything else."""
    text = re.sub("(?<=[0-9])_(?=[0-9])", "", text.strip(WHITE_SPACE))
    if not re.fullmatch(r"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?", text):
        return None
    number = Decimal(text)
    # No valid amount has more digits, and rounding such numbers would take too long.
    return number if number.adjusted() < 20 else None


def six_decimals(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.000001"), ROUND_HALF_UP)
