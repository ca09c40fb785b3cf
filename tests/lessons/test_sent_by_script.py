"""Forms that the page sends itself (static/js/modules/offline.js): told where to go, under the same rules as any other."""

from __future__ import annotations

import pytest

from tests.page import address, client_of, csrf_of
from tests.people import a_class, a_pupil, a_school

pytestmark = pytest.mark.usefixtures("app")
UNIT = "vriendschapsverzoek-primair"
SENT = {"Netjes-Send": "1"}


def test_a_form_sent_by_script_is_told_the_next_page() -> None:
    client = client_of(a_pupil(a_class(a_school("tjongeling"))))
    here = client.get(address("lessons.show_unit", unit=UNIT)).location
    response = client.post(here, data={"csrf_token": csrf_of(client)}, headers=SENT)
    assert response.status_code == 204
    assert response.headers["Netjes-Go"].startswith(f"/lessen/{UNIT}/stap/")
    assert "Location" not in response.headers


def test_without_the_header_it_is_an_ordinary_redirect() -> None:
    client = client_of(a_pupil(a_class(a_school("tjongeling"))))
    here = client.get(address("lessons.show_unit", unit=UNIT)).location
    assert client.post(here, data={"csrf_token": csrf_of(client)}).status_code == 302


def test_a_form_sent_by_script_needs_its_token_too() -> None:
    client = client_of(a_pupil(a_class(a_school("tjongeling"))))
    here = client.get(address("lessons.show_unit", unit=UNIT)).location
    assert client.post(here, headers=SENT).status_code == 400


def test_who_is_signed_out_is_sent_to_the_front_door() -> None:
    client = client_of(None)
    client.get("/")
    response = client.post(f"/lessen/{UNIT}/stap/begin", data={"csrf_token": csrf_of(client)}, headers=SENT)
    assert (response.status_code, response.headers["Netjes-Go"].partition("?")[0]) == (204, "/")
