"""Every place has a key, and the sheet lists what there is."""

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.strict_client import StrictClient, parsed
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.web.guards import POLICY
from tracker.web.navigation import KEYS

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def keys_of_rail(client: StrictClient) -> dict[str, str]:
    links = parsed(client.get("/keys")).xpath("//ul[@class='places']//a[@href!='#more']")
    return {str(link.text).strip(): link.get("data-key") for link in links}


def keys_on_sheet(client: StrictClient, section: str) -> dict[str, str]:
    rows = parsed(client.get("/keys")).xpath(f"//section[@aria-labelledby='{section}']//dl/div")
    return {row.findtext("dd"): "".join(row.xpath("dt/kbd/text()")) for row in rows}


def test_every_place_has_a_key_of_its_own(sign_in_as: SignInAs) -> None:
    found = keys_of_rail(sign_in_as(*Role))

    assert len(found) > 10
    assert all(found.values())
    assert len(set(found.values())) == len(found)


def test_every_key_belongs_to_a_place(sign_in_as: SignInAs) -> None:
    assert KEYS.keys() <= POLICY.keys()
    assert len(keys_of_rail(sign_in_as(*Role))) == len(KEYS)


@pytest.mark.parametrize("role", [Role.READER, Role.ADMINISTRATOR])
def test_the_sheet_lists_the_places_of_the_rail_and_no_other(sign_in_as: SignInAs, role: Role) -> None:
    client = sign_in_as(role)
    rail = {name: f"g{key}" for name, key in keys_of_rail(client).items() if key != "/"}

    assert keys_on_sheet(client, "keys-places") == rail
    assert ("People" in rail) is (role is Role.ADMINISTRATOR)


def test_the_sheet_lists_what_the_script_does(app: Flask, sign_in_as: SignInAs) -> None:
    script = (Path(app.static_folder or "") / "keys.js").read_text(encoding="utf-8")
    acts = set(re.findall(r'^    "?([^\s"])"?: \(\) =>', script, flags=re.MULTILINE))
    client = sign_in_as(Role.READER)
    listed = {*keys_on_sheet(client, "keys-anywhere").values(), *keys_on_sheet(client, "keys-list").values()}

    assert acts == {"g", "j", "k", "/", "?"}
    assert acts - {"g"} == listed - {"Escape", "Enter"}
