import pytest

from tests.client import StrictClient
from tests.people import World, build_world


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture
def client() -> StrictClient:
    return StrictClient()


@pytest.fixture
def roster_admin(world: World, client: StrictClient) -> StrictClient:
    client.force_login(world.roster_admin)
    return client
