"""Visiting pages: a page that was visited is a page that was checked."""

from __future__ import annotations

from collections import Counter
from contextvars import Context
from html.parser import HTMLParser
from typing import Any

from flask import Response, current_app, g, has_app_context, url_for
from flask import session as own_session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from accounts.models import Person
from common.database import db
from tests.people import signed_in

VOID_ROLES = frozenset({"hidden", "submit", "button", "image", "reset"})


class Browser(FlaskClient):
    """A client whose requests stand apart from the test around them, as they do on a real server."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request in a context of its own; afterwards the test reads the database anew."""
        if not has_app_context():  # following a redirect: already in that context
            return super().open(*args, **kwargs)
        response: TestResponse = Context().run(super().open, *args, **kwargs)
        db.session.rollback()
        return response


def client_of(person: Person | None) -> FlaskClient:
    """A browser in which this person is signed in (None: nobody)."""
    client = Browser(current_app._get_current_object(), Response, use_cookies=True)
    if person is not None:
        token = signed_in(person)
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
    return client


def address(endpoint: str, **values: Any) -> str:
    with current_app.test_request_context():
        return url_for(endpoint, **values)


def visit(person: Person | None, endpoint: str, *, client: FlaskClient | None = None, follow: bool = False, **values: Any) -> TestResponse:
    """Open a page as a person; what comes back has been checked when it is a page."""
    response = (client or client_of(person)).get(address(endpoint, **values), follow_redirects=follow)
    check_page(response)
    return response


def post(
    person: Person | None, endpoint: str, data: Any = None, *, client: FlaskClient | None = None, follow: bool = False, **values: Any
) -> TestResponse:
    """Send a form as a person, with the CSRF token that the page would have had."""
    client = client or client_of(person)
    return send(client, address(endpoint, **values), data, follow=follow)


def send(client: FlaskClient, url: str, data: Any = None, *, follow: bool = False) -> TestResponse:
    fields = dict(data) if data is not None else {}
    fields["csrf_token"] = csrf_of(client)
    response = client.post(url, data=fields, follow_redirects=follow)
    check_page(response)
    return response


def csrf_of(client: FlaskClient) -> str:
    """A token that belongs to the session of this browser."""
    with client.session_transaction() as session:
        raw = session.get("csrf_token")
    with current_app.test_request_context():
        g.pop("csrf_token", None)
        if raw:
            own_session["csrf_token"] = raw
        token: str = generate_csrf()
        raw = own_session["csrf_token"]
    with client.session_transaction() as session:
        session["csrf_token"] = raw
    return token


def check_page(response: TestResponse) -> None:
    """One h1, a title, Dutch, labelled fields, unique ids, alt texts, a CSRF field per form that posts, nothing inline."""
    if response.mimetype != "text/html" or response.status_code in (301, 302, 303, 308) or "<html" not in response.text:
        return
    page = Page(response.text)
    faults = page.faults()
    assert not faults, f"{response.request.path}: {faults}"


class Page(HTMLParser):
    """What a check needs to know of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.labels: set[str] = set()
        self.inside_label = 0
        self.unlabelled: list[str] = []
        self.forms: list[dict[str, Any]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self._in_template = 0
        self.title = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attributes}
        if tag == "template" or self._in_template:
            # What stands in a template is no part of the page until a script puts it there.
            self._in_template += tag == "template"
            return
        self.tags.append((tag, found))
        self._open.append(tag)
        if tag == "label":
            self.inside_label += 1
            self.labels.add(found.get("for", ""))
        if tag == "form":
            self.forms.append({"method": found.get("method", "get").lower(), "csrf": False})
        if tag == "input" and found.get("name") == "csrf_token" and self.forms:
            self.forms[-1]["csrf"] = True
        hidden = found.get("aria-hidden") == "true"
        labelled = hidden or self.inside_label or found.get("aria-label") or found.get("aria-labelledby") or found.get("id")
        if tag in ("input", "select", "textarea") and found.get("type") not in VOID_ROLES and not labelled:
            self.unlabelled.append(found.get("name", "?"))

    def handle_endtag(self, tag: str) -> None:
        if self._in_template:
            self._in_template -= tag == "template"
            return
        if tag == "label":
            self.inside_label -= 1
        if tag in self._open:
            while self._open and self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._in_template:
            return
        if self._open and self._open[-1] == "title" and "svg" not in self._open:
            self.title += data
        self.text.append(data)

    def faults(self) -> list[str]:
        faults = []
        attributes = [found for _tag, found in self.tags]
        if sum(tag == "h1" for tag, _ in self.tags) != 1:
            faults.append("not one h1")
        if not self.title.strip() or self.title.strip().startswith("-"):
            faults.append("no title")
        if not any(tag == "html" and found.get("lang") == "nl" for tag, found in self.tags):
            faults.append("no lang")
        doubles = [key for key, times in Counter(found["id"] for found in attributes if found.get("id")).items() if times > 1]
        faults += [f"id {key} twice" for key in doubles]
        faults += [f"picture without alt: {found.get('src')}" for tag, found in self.tags if tag == "img" and "alt" not in found]
        faults += [f"field without label: {name}" for name in self.unlabelled]
        faults += [f"label for nothing: {key}" for key in self.labels - {""} - {found.get("id") for found in attributes}]
        faults += ["form without csrf field" for form in self.forms if form["method"] == "post" and not form["csrf"]]
        faults += [f"inline {key} on {tag}" for tag, found in self.tags for key in found if key == "style" or key.startswith("on")]
        faults += ["inline script" for tag, found in self.tags if tag == "script" and "src" not in found]
        return faults
