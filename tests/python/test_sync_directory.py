"""The directory loader, tested against IAM Identity Center's API over HTTP."""

import csv
import datetime
import fcntl
import json
import re
import resource
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import fault_proxy as faults
import pytest
from fault_proxy import always, first, json_error
from mirroring import (
    SCRIPTS,
    Program,
    client_of,
    documented_policy,
    make_user,
    policy,
    post,
    trust_everyone,
)

STORE = "d-1234567890"
OTHER_STORE = "d-0987654321"
HEADER = ["User id", "User name", "Email", "Display name", "Group"]
PERSONAL = re.compile("@|anna|borg", re.IGNORECASE)
ROLE = "arn:aws:iam::123456789012:role/directory-reader"
LIST_OPERATIONS = ["ListUsers", "ListGroups", "ListGroupMemberships"]
HANG_SECONDS = 60
KILLED_BEFORE_RENAMING = """
import os, runpy, signal, sys
os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
del sys.argv[0]
sys.path.insert(0, os.path.dirname(sys.argv[0]))
runpy.run_path(sys.argv[0], run_name="__main__")
"""


class Seats(Program):
    """A folder for seat sources, and the directory loader that fills it."""

    script = "sync_directory.py"
    source = STORE

    def run(self, *arguments, **options) -> subprocess.CompletedProcess:
        """Run the loader, and assert that its output contains no people."""
        done = super().run(*arguments, **options)
        assert not PERSONAL.search(done.stdout + done.stderr), done
        return done

    def files(self, store: str = STORE) -> list[Path]:
        """All files of a store, including hidden files."""
        return sorted((self.folder / "directory" / store).glob("*"))

    def text(self, store: str = STORE) -> str:
        """The unchanged content of a store's only file."""
        [path] = self.files(store)
        return path.read_bytes().decode()

    def rows(self, store: str = STORE) -> list[list[str]]:
        """The rows of a store's only file, without user ids."""
        header, *rows = csv.reader(self.text(store).splitlines())
        assert header == HEADER
        return [row[1:] for row in rows]


class Store:
    """An identity store to which tests add people."""

    def __init__(self, server: str, identity_store_id: str = STORE):
        self._client = client_of("identitystore", server)
        self._id = {"IdentityStoreId": identity_store_id}
        self.groups: dict[str, str] = {}

    def add_user(self, name: str, *groups: str, emails: list[dict] | None = None, **other) -> str:
        """Create a user in groups, which are created if needed; return the id."""
        user_id = self._client.create_user(
            **self._id,
            UserName=name,
            **{"DisplayName": "Anna Borg", "Name": {"GivenName": "Anna", "FamilyName": "Borg"}}
            | other,
            **({"Emails": emails} if emails else {}),
        )["UserId"]
        for group in groups:
            if group not in self.groups:
                self.add_group(group)
            self._client.create_group_membership(
                **self._id, GroupId=self.groups[group], MemberId={"UserId": user_id}
            )
        return user_id

    def add_group(self, name: str) -> None:
        group = self._client.create_group(**self._id, DisplayName=name)
        self.groups[name] = group["GroupId"]

    def delete_user(self, user_id: str) -> None:
        self._client.delete_user(**self._id, UserId=user_id)


@pytest.fixture
def store(server):
    yield Store(server)
    post(f"{server}/moto-api/reset")


@pytest.fixture
def seats(server, tmp_path):
    return Seats(tmp_path / "seats", server)


@pytest.fixture
def faulty(store, proxy, tmp_path):
    """A folder filled through the proxy, with no faults set."""
    proxy.clear()
    return Seats(tmp_path / "seats", proxy.url)


@pytest.fixture
def guarded(store, server):
    """A function that creates a user with a policy; afterward, the server checks every request."""
    store.add_user("anna", "Kiro")
    yield partial(make_user, server)
    trust_everyone(server)


def allow(*operations: str) -> dict:
    actions = [f"identitystore:{operation}" for operation in operations]
    return {"Effect": "Allow", "Action": actions, "Resource": "*"}


# --- what is written


def test_file_has_a_row_per_user_and_group(store, seats):
    anna = store.add_user("anna", "Kiro Pro", "Admins", emails=[{"Value": "anna@example.org"}])
    borg = store.add_user("borg", DisplayName="Bo Borg")
    store.add_group("Empty")
    summary = seats.sync()
    lines = [
        f"{anna},anna,anna@example.org,Anna Borg,Admins\n",
        f"{anna},anna,anna@example.org,Anna Borg,Kiro Pro\n",
        f"{borg},borg,,Bo Borg,\n",
    ]
    assert seats.text() == "User id,User name,Email,Display name,Group\n" + "".join(sorted(lines))
    [result] = summary["stores"]
    assert result == {
        "identity_store_id": STORE,
        "file": str(seats.files()[0]),
        "users": 2,
        "groups": 3,
        "rows": 3,
        "memberships_without_user": 0,
        "error": None,
    }
    assert (summary["users"], summary["rows"], summary["failed"]) == (2, 3, 0)


@pytest.mark.parametrize(
    ("emails", "email"),
    [
        ([{"Value": "a@x"}, {"Value": "b@x", "Primary": True}, {"Value": "c@x"}], "b@x"),
        ([{"Value": "a@x", "Primary": False}, {"Value": "b@x"}], "a@x"),
        ([{"Type": "work", "Primary": True}, {"Value": "b@x"}], "b@x"),
        ([], ""),
    ],
)
def test_primary_email_takes_precedence_over_the_first_email(store, seats, emails, email):
    store.add_user("anna", emails=emails)
    seats.sync()
    assert seats.rows() == [["anna", email, "Anna Borg", ""]]


def test_values_are_quoted_and_stay_on_one_line(store, seats):
    anna = store.add_user(
        "anna", 'Team "A",\nnorth', DisplayName='Borg, "Änna"\r\nof\nsales\rand\u2028more'
    )
    seats.sync()
    assert seats.text().split("\n")[1:] == [
        f'{anna},anna,,"Borg, ""Änna"" of sales and more","Team ""A"", north"',
        "",
    ]


def test_name_with_an_unpaired_surrogate_is_escaped(faulty, proxy, store):
    store.add_user("anna")
    proxy.faults["ListUsers"] = always(
        lambda answer: (*answer[:2], answer[2].replace(b"Anna Borg", rb"Anna \ud83d"))
    )
    faulty.sync()
    assert faulty.rows() == [["anna", "", "Anna \\ud83d", ""]]


def test_lists_with_several_pages_are_read_in_full(store, seats):
    for number in range(205):
        store.add_user(f"anna{number}", *(["All"] if number < 203 else []))
    for number in range(101):
        store.add_group(f"Group {number}")
    store.add_user("borg", "Group 100")
    summary = seats.sync()
    assert (summary["users"], summary["stores"][0]["groups"]) == (206, 102)
    expected = [[f"anna{number}", "All" if number < 203 else ""] for number in range(205)]
    assert sorted([row[0], row[3]] for row in seats.rows()) == sorted(
        [*expected, ["borg", "Group 100"]]
    )


def test_memberships_of_deleted_users_are_counted(store, seats):
    store.add_user("anna", "Kiro")
    store.delete_user(store.add_user("borg", "Kiro"))
    assert seats.sync()["stores"][0]["memberships_without_user"] == 1
    assert [row[0] for row in seats.rows()] == ["anna"]
    assert "left out 1 memberships of unlisted users" in seats.run().stdout


# --- groups


def test_only_members_of_chosen_groups_are_written(store, seats):
    store.add_user("anna", "Kiro Pro", "Admins")
    store.add_user("borg", "Kiro Power", "Kiro Pro")
    store.add_user("cleo", "Admins")
    store.add_user("dora")
    assert seats.sync("--group", "Kiro Pro")["stores"][0]["groups"] == 1
    assert sorted(seats.rows()) == [
        ["anna", "", "Anna Borg", "Kiro Pro"],
        ["borg", "", "Anna Borg", "Kiro Pro"],
    ]
    seats.sync("--group", "Kiro Power", "--group", "Admins")
    assert sorted([row[0], row[3]] for row in seats.rows()) == [
        ["anna", "Admins"],
        ["borg", "Kiro Power"],
        ["cleo", "Admins"],
    ]


def test_error_for_an_unknown_group_suggests_similar_names(store, seats):
    store.add_user("anna", "Kiro Pro", "Kiro Power", "Finance")
    done = seats.run("--group", "KIRO PRO")
    assert done.returncode == 1
    assert (
        "there is no group KIRO PRO; similar names are Kiro Pro, Kiro Power. Correct" in done.stderr
    )
    assert "Finance" not in done.stderr
    assert seats.files() == []
    assert "none of its 3 groups has a similar name" in seats.run("--group", "xyz").stderr


# --- files


def test_files_are_private_and_named_with_the_utc_date(store, seats):
    store.add_user("anna")
    first_day = datetime.datetime.now(datetime.UTC).date()
    # At any hour, one of these zones has a different date.
    for zone in ("Etc/GMT-14", "Etc/GMT+12"):
        seats.sync(TZ=zone)
    days = (first_day, datetime.datetime.now(datetime.UTC).date())
    assert {path.name for path in seats.files()} <= {f"users-{day}.csv" for day in days}
    modes = {path: path.stat().st_mode & 0o777 for path in seats.folder.rglob("*")}
    assert len(modes) >= 4
    assert seats.folder.stat().st_mode & 0o777 == 0o700
    assert all(mode == (0o700 if path.is_dir() else 0o600) for path, mode in modes.items())


def test_second_run_replaces_the_file_of_the_day_and_keeps_older_files(store, seats):
    store.add_user("anna")
    seats.sync()
    [path] = seats.files()
    older = path.with_name("users-2026-01-01.csv")
    older.write_text("history")
    store.add_user("borg")
    with path.open() as opened:
        seats.sync()
        # A program that has the old file open can still read all of it.
        assert len(opened.readlines()) == 2
    assert len(path.read_text().splitlines()) == 3
    assert older.read_text() == "history"


def test_run_killed_before_renaming_keeps_the_old_file(store, seats):
    store.add_user("anna")
    seats.sync()
    before = seats.text()
    store.add_user("borg")
    command = seats.command()
    done = subprocess.run(
        [command[0], "-c", KILLED_BEFORE_RENAMING, *command[1:]],
        env=seats.environment(),
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    path, leftover = sorted(seats.files(), reverse=True)
    assert path.read_text() == before
    assert leftover.stat().st_mode & 0o777 == 0o600
    assert not leftover.match("users-*.csv")
    seats.sync()
    assert len(seats.rows()) == 2


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_run_stopped_while_reading_keeps_the_old_file(faulty, proxy, store, sent):
    store.add_user("anna", "Kiro")
    faulty.sync()
    before = faulty.text()
    proxy.requests.clear()
    proxy.faults["ListUsers"] = always(faults.hang(HANG_SECONDS))
    process = subprocess.Popen(
        faulty.command(), env=faulty.environment(), stderr=subprocess.PIPE, text=True
    )
    while not proxy.requests["AWSIdentityStore.ListUsers"]:
        time.sleep(0.05)
    process.send_signal(sent)
    _, stderr = process.communicate(timeout=HANG_SECONDS / 2)
    assert process.returncode == (-sent if sent == signal.SIGKILL else 130)
    assert "Traceback" not in stderr
    assert faulty.text() == before


def test_full_disk_is_reported_and_the_old_file_remains(store, seats):
    store.add_user("anna")
    seats.sync()
    before = seats.text()
    for number in range(30):
        store.add_user(f"anna{number}", DisplayName="Borg" * 200)
    done = subprocess.run(
        seats.command(),
        env=seats.environment(),
        # The system handles a file over the limit like a full disk.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "the disk is full: free some space and run again." in done.stderr
    assert seats.text() == before


def test_unwritable_folder_is_reported(server):
    # Not writable by anyone, even root.
    done = Seats(Path("/sys/kiro"), server).run()
    assert done.returncode == 2
    assert "Cannot write the list of users: /sys/kiro" in done.stderr


def test_file_dated_in_the_future_suggests_a_wrong_clock(store, seats):
    """It would stay the newest file; a run with a wrong clock might replace another day's file."""
    store.add_user("anna")
    seats.sync()
    [today] = seats.files()
    ahead = today.with_name("users-2999-01-01.csv")
    today.rename(ahead)
    done = seats.run()
    assert done.returncode == 1
    assert f"{ahead} has a date in the future" in done.stderr
    assert "set the clock (NTP), or remove the file, then run again." in done.stderr
    assert seats.files() == [ahead]
    ahead.unlink()
    seats.sync()


def test_only_one_run_at_a_time_can_write(store, seats):
    store.add_user("anna")
    seats.sync()
    with (seats.folder / "directory/.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = seats.run()
    assert done.returncode == 1
    assert "Another sync (process unknown) is writing to" in done.stderr


def test_dry_run_reports_its_result_and_writes_nothing(store, seats):
    store.add_user("anna", "Kiro")
    done = seats.run("--dry-run")
    assert done.returncode == 0
    assert f"{STORE}: would write 1 users in 1 groups (1 rows) to {seats.folder}" in done.stdout
    assert not seats.folder.exists()
    # Without a terminal, a line shows what is being read.
    assert done.stderr == f"{STORE}: 1 groups\n"


def test_folder_comes_from_the_environment(store, seats):
    store.add_user("anna")
    command = [part for part in seats.command() if part not in ("--dest", seats.folder)]
    environment = seats.environment(KIRO_SEATS_DIR=str(seats.folder))
    subprocess.run(command, env=environment, check=True, capture_output=True)
    assert len(seats.rows()) == 1


# --- an empty store


def test_empty_store_replaces_a_file_only_if_allowed(store, seats):
    user_id = store.add_user("anna")
    seats.sync()
    before = seats.text()
    store.delete_user(user_id)
    done = seats.run()
    assert done.returncode == 1
    assert "it lists no users at all" in done.stderr
    assert "--allow-empty" in done.stderr
    assert seats.text() == before
    seats.sync("--allow-empty")
    assert seats.rows() == []


def test_group_without_members_replaces_a_file_only_if_allowed(store, seats):
    store.add_user("anna")
    store.add_group("Kiro")
    done = seats.run("--group", "Kiro")
    assert done.returncode == 1
    assert "it lists no users in the chosen groups" in done.stderr
    assert seats.files() == []


# --- permissions


def test_three_permissions_are_enough(guarded, seats):
    [statement] = documented_policy("directory")
    assert statement == allow(*LIST_OPERATIONS) | {"Sid": "ListDirectory"}
    assert seats.sync(**guarded(statement))["rows"] == 1


@pytest.mark.parametrize("missing", LIST_OPERATIONS)
def test_missing_permission_is_reported(guarded, seats, missing):
    others = [operation for operation in LIST_OPERATIONS if operation != missing]
    done = seats.run(**guarded(allow(*others)))
    assert done.returncode == 1
    assert f"your credentials need identitystore:{missing} in the account" in done.stderr
    assert "They belong to arn:aws:iam::123456789012:user/kiro." in done.stderr
    assert seats.files() == []


def test_role_is_assumed_in_the_region_of_the_identity_store(guarded, seats, server):
    iam = client_of("iam", server)
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName="directory-reader", AssumeRolePolicyDocument=policy(trust))
    iam.put_role_policy(
        RoleName="directory-reader",
        PolicyName="p",
        PolicyDocument=policy(allow(*LIST_OPERATIONS)),
    )
    user = guarded({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": ROLE})
    user |= {"AWS_ENDPOINT_URL_STS": server, "AWS_DEFAULT_REGION": ""}
    assert seats.run(**user).returncode == 1
    assert seats.sync("--role-arn", ROLE, "--region", "us-east-1", **user)["rows"] == 1


# --- faults


def denial(identity: str) -> str:
    return f"User: {identity} is not authorized to perform: identitystore:ListUsers"


FAULTS = {
    "throttled twice": ("ListUsers", first(2, json_error("ThrottlingException")), ""),
    "throttled": (
        "ListGroups",
        always(json_error("ThrottlingException", "Rate exceeded for anna@example.org")),
        "IAM Identity Center is throttling requests, even after several tries: run again later.",
    ),
    "expired": (
        "ListGroups",
        always(json_error("ExpiredTokenException", "The security token has expired")),
        "your credentials have expired: sign in again (aws sso login)",
    ),
    "wrong Region": (
        "ListGroups",
        always(json_error("ResourceNotFoundException", ResourceType="IDENTITY_STORE")),
        f"there is no identity store {STORE} in this Region: check its id, and set region",
    ),
    "group deleted meanwhile": (
        "ListGroupMemberships",
        always(json_error("ResourceNotFoundException", ResourceType="GROUP")),
        "a group was deleted while the directory was being read: run again.",
    ),
    "wrong clock": (
        "ListGroups",
        always(json_error("InvalidSignatureException", "Signature expired: 2026 is now")),
        "clock is off by more than 15 minutes",
    ),
    "wrong secret": (
        "ListGroups",
        always(json_error("InvalidSignatureException", "The request signature does not match")),
        "have a wrong secret key",
    ),
    "session named for a person": (
        "ListUsers",
        always(
            json_error(
                "AccessDeniedException", denial("arn:aws:sts::123456789012:assumed-role/R/anna.b")
            )
        ),
        "They belong to arn:aws:sts::123456789012:assumed-role/R.",
    ),
    "user named for a person": (
        "ListUsers",
        always(
            json_error(
                "AccessDeniedException", denial("arn:aws:iam::123456789012:user/anna@example.org")
            )
        ),
        "They belong to arn:aws:iam::123456789012:user/(an email address).",
    ),
    "key": (
        "ListUsers",
        always(json_error("AccessDeniedException", "not authorized to perform: kms:Decrypt")),
        f"need kms:Decrypt on the KMS key of {STORE}",
    ),
    "unknown": (
        "ListUsers",
        always(json_error("SomethingNew", "anna@example.org is odd")),
        "IAM Identity Center returned SomethingNew: (an email address) is odd.",
    ),
    "web page": (
        "ListGroups",
        always(faults.web_page),
        "the response is not from IAM Identity Center",
    ),
    "web page on a later request": (
        "ListUsers",
        lambda request, answer: faults.web_page(answer) if request.number > 1 else answer,
        "the response is not from IAM Identity Center",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults(store, proxy, faulty, name):
    operation, fault, message = FAULTS[name]
    pages = 2 if name == "web page on a later request" else 1
    for number in range(100 * (pages - 1) + 1):
        store.add_user(f"anna{number}", *(["Kiro"] if number == 0 else []))
    proxy.faults[operation] = fault
    done = faulty.run()
    assert done.returncode == (1 if message else 0), done.stderr
    assert message in done.stderr
    assert len(faulty.files()) == (0 if message else 1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"AWS_DEFAULT_REGION": ""}, "no AWS Region is set"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "no AWS credentials found"),
        ({"AWS_PROFILE": "nobody"}, "aws configure list-profiles"),
        ({"AWS_ENDPOINT_URL_IDENTITYSTORE": "localhost:9"}, "endpoint_url or AWS_ENDPOINT_URL"),
        (
            {"AWS_ENDPOINT_URL_IDENTITYSTORE": "http://127.0.0.1:9"},
            "no connection: check the network",
        ),
    ],
)
def test_invalid_settings_are_reported(seats, changes, message):
    command = [
        part for part in seats.command() if part not in ("--endpoint-url", seats.endpoint_url)
    ]
    done = subprocess.run(
        command,
        env=seats.environment(**changes),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


# --- what to read


def test_failed_store_does_not_stop_other_stores(store, server, seats, tmp_path):
    store.add_user("anna", "Kiro", "Admins")
    Store(server, OTHER_STORE).add_user("borg", "Users")
    sources = tmp_path / "sources.toml"
    endpoint = f'endpoint_url = "{server}"\nregion = "us-east-1"\n'
    sources.write_text(
        f'[[directory]]\nidentity_store_id = "d-0000000000"\n{endpoint}'
        f'[[directory]]\nidentity_store_id = "{STORE}"\ngroups = ["Kiro"]\n{endpoint}'
        f'[[directory]]\nidentity_store_id = "{OTHER_STORE}"\n{endpoint}'
    )
    done = seats.run("--sources", sources, "--json", source=None, AWS_DEFAULT_REGION="")
    assert done.returncode == 1
    assert "Failed: d-0000000000: it lists no users at all" in done.stderr
    summary = json.loads(done.stdout)
    assert [result["rows"] for result in summary["stores"]] == [0, 1, 1]
    assert (summary["failed"], summary["users"]) == (1, 2)
    assert [row[3] for row in seats.rows()] == ["Kiro"]
    assert [row[3] for row in seats.rows(OTHER_STORE)] == ["Users"]


def test_example_in_the_repository_is_valid(seats):
    example = (SCRIPTS.parent / "sources.example.toml").read_text()
    assert "# [[directory]]" in example
    uncommented = seats.folder.parent / "sources.toml"
    uncommented.write_text(re.sub(r"(?m)^# (?=\[\[|\w+ = )", "", example))
    done = seats.run("--sources", uncommented, source=None)
    # The error mentions a nonexistent profile, so the file was read.
    assert done.returncode == 1
    assert "(directory-reader)" in done.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[[source]]\nbucket = 'good'", "nothing to read: give an identity store"),
        ("[[directory]]\nregion = 'x'", "missing required field `identity_store_id`"),
        ("[[directory]]\nidentity_store_id = '../up'", "at `identity_store_id` of directory 1"),
        (
            f"[[directory]]\nidentity_store_id = '{STORE}'\ngroups = ['']",
            "at `groups[0]` of directory 1",
        ),
        (f"[[directory]]\nidentity_store_id = '{STORE}'\ngroup = 'x'", "unknown field `group`"),
        (f"[[directory]]\nidentity_store_id = '{STORE}'\n" * 2, f"{STORE} is listed twice"),
        (
            f"[[directory]]\nidentity_store_id = '{STORE}'\nexternal_id = 'x'",
            "external_id is set without role_arn",
        ),
    ],
)
def test_error_in_sources_mentions_the_key(seats, tmp_path, content, message):
    sources = tmp_path / "sources.toml"
    sources.write_text(content)
    done = seats.run("--sources", sources, source=None)
    assert done.returncode == 2
    assert message in done.stderr


def test_usage_errors_exit_with_status_2(seats, tmp_path):
    for source in ("nothing", "d-12345", f"{STORE}/..", f"{STORE}\n"):
        done = seats.run(source=source)
        assert done.returncode == 2
        assert "write an identity store id" in done.stderr
    missing = ("--sources", tmp_path / "none.toml")
    done = seats.run(*missing, source=None)
    assert (done.returncode, "see sources.example.toml" in done.stderr) == (2, True)
    done = seats.run(*missing, "--group", "Kiro", source=None)
    assert (done.returncode, "--group need an identity store" in done.stderr) == (2, True)
    assert seats.run(STORE).returncode == 2
    help_text = subprocess.run(
        [sys.executable, SCRIPTS / "sync_directory.py", "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    examples = help_text.split("Examples:\n")[1]
    assert ".venv/bin/python scripts/sync_directory.py d-1234567890" in examples
