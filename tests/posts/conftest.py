"""Shortcuts into the running services, for what HTTP does not show."""

from typing import Any

import pytest

from rookery.contracts.users import UsersApi
from rookery.kit.database import Database
from rookery.posts.service import Posts


@pytest.fixture
def posts(services: Any) -> Posts:
    service: Posts = services.posts
    return service


@pytest.fixture
def users(services: Any) -> UsersApi:
    service: UsersApi = services.users
    return service


@pytest.fixture
def database(services: Any) -> Database:
    opened: Database = services.resources.database
    return opened
