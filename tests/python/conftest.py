"""Fixtures that several test files share; their parts are in `tests/support`."""

import pytest

# Fixtures of the loaders' tests.
from fault_proxy import proxy  # noqa: F401
from mirroring import mirror, s3, server  # noqa: F401
from projects import Project


@pytest.fixture
def project(tmp_path) -> Project:
    return Project(tmp_path)


@pytest.fixture(scope="module")
def module_project(tmp_path_factory) -> Project:
    return Project(tmp_path_factory.mktemp("module"))
