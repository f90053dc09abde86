"""deploy/compose.yaml: every container is fenced in, every service is there, and the proxy knows where."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from rookery.kit.settings import Settings, load_settings
from rookery.media.cards.pictures import CHILDREN

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
WEB = [name.removesuffix("-web") for name in SERVICES if name.endswith("-web")]
UPSTREAMS = (ROOT / "deploy" / "edge" / "upstreams.conf").read_text("utf-8")
SETTINGS = dict(
    line.split("=", 1) for line in (ROOT / "deploy/kubernetes/base/settings.env").read_text("utf-8").splitlines()
)

# Of processes that run apart.

# Whose root is not read-only, and the only ones that keep something of what Docker gives a container.
WRITES = {"kafka"}
KEEPS = {"postgres": {"CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"}}


@pytest.mark.parametrize("name", SERVICES)
def test_fenced_in(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is (name not in WRITES)
    assert service["cap_drop"] == ["ALL"]
    assert set(service.get("cap_add", [])) == KEEPS.get(name, set())
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert not service.get("privileged")
    assert not re.search(r":latest$|^[^:]+$", service["image"])


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_stands_in_the_open(name: str) -> None:
    environment = SERVICES[name].get("environment", {})
    assert not {
        key for key in environment if key in {"ROOKERY_SECRET_KEY", "ROOKERY_DATABASE_URL", "POSTGRES_PASSWORD"}
    }


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["edge"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_the_proxy_knows_every_service() -> None:
    assert re.findall(r"upstream (\w+) \{", UPSTREAMS) == WEB
    assert re.findall(r"server (\w+)-web:8000", UPSTREAMS) == WEB
    assert set(SERVICES["edge"]["depends_on"]) == {f"{name}-web" for name in WEB}


@pytest.mark.parametrize(
    "settings",
    [SERVICES["posts-web"]["environment"], SERVICES["media-web"]["environment"], SETTINGS],
    ids=["compose", "media", "kubernetes"],
)
def test_settings_are_those_that_exist(settings: dict[str, str]) -> None:
    concrete = {name: re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value) for name, value in settings.items()}
    load_settings(concrete)
    known = {f"ROOKERY_{field.name.upper()}" for field in msgspec.structs.fields(type(load_settings({})))}
    assert set(settings) <= known


def test_kubernetes_has_the_same_services() -> None:
    folders = {path.name for path in (ROOT / "deploy/kubernetes/base/services").iterdir()}
    assert folders == {*WEB, "kit"}
    for name in folders:
        text = (ROOT / f"deploy/kubernetes/base/services/{name}/kustomization.yaml").read_text("utf-8")
        assert f"namePrefix: {name}-\n" in text
        assert f"path: /spec/template/spec/containers/0/env/0/value, value: {name}}}" in text


def test_a_media_worker_has_room_for_its_children_at_their_worst() -> None:
    """In MiB: the worker; so many uploads, AVIF of 50 megapixels; so many pictures of link cards, AVIF of 25."""
    needed = 256 + Settings().media_processes * 800 + CHILDREN * 448
    patch = (ROOT / "deploy/kubernetes/base/services/media/kustomization.yaml").read_text("utf-8")

    assert SERVICES["media-worker"]["mem_limit"] == f"{needed}m"
    assert f"resources/limits/memory, value: {needed}Mi" in patch


@pytest.mark.parametrize("name", ["media-web", "media-worker"])
def test_files_under_way_are_not_kept_in_memory(name: str) -> None:
    assert SERVICES[name]["environment"]["ROOKERY_MEDIA_TEMP_DIR"] in SERVICES[name]["volumes"]
