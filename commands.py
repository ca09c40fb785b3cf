"""The flask commands: for who installs Netjes, for who makes content, and the demo."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import inspect, select

import demo
from access.domain import Role
from accounts import actions as account_actions
from common import audit
from common.clock import now
from common.database import db, writing
from common.forms import Form
from common.problems import ContentError
from config import Settings
from lessons.check import check
from lessons.coverage import coverage, differs
from lessons.library import load_library
from protocols.parse import load_corpus
from schools import actions
from schools.forms import read_class, read_school, read_staff
from schools.models import School

ROOT = Path(__file__).resolve().parent
SAMPLES = (("leerling", "tjongeling"), ("leerling", "liudger"), ("mentor", "tjongeling"), ("teamleider", "agora"), ("beheerder", "agora"))


class Refusal(click.ClickException):
    """What went wrong in one plain Dutch line; the command ends with 1."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file, err=True)


def init_app(app: Flask) -> None:
    """Register the commands."""
    for command in (demo_command, school, school_class, staff, installation, content, serve):
        app.cli.add_command(command)


def checker() -> Flask:
    """An app that only has the content commands: they must work exactly when the content is too broken to start with."""
    app = Flask("netjes")
    app.cli.add_command(content)
    return app


def asks_for_content(arguments: list[str]) -> bool:
    """Whether the flask command was called to look at the content."""
    return "content" in arguments[1:]


def _needs_tables() -> None:
    if not inspect(db.engine).has_table("school"):
        raise Refusal("De database is nog leeg. Draai eerst: flask --app app db upgrade")


def _refuse_on_problems(form: Form) -> None:
    if form.problems:
        raise Refusal("\n".join(problem.text for problem in form.problems))


def _school_named(name: str) -> School:
    """The school with this name or id."""
    found = db.session.scalars(select(School).where((School.name == name) | (School.id == name))).all()
    if not found:
        known = ", ".join(db.session.scalars(select(School.name).order_by(School.name))) or "nog geen enkele"
        raise Refusal(f"Er is geen school {name!r}. Wel: {known}.")
    if len(found) > 1:
        raise Refusal(f"Er zijn {len(found)} scholen die {name!r} heten. Geef het id; zie: flask --app app school list")
    return found[0]


# ---- demo ----


@click.command("demo")
@click.option("--accounts", "only_accounts", is_flag=True, help="Laat alle accounts zien; maakt niets.")
@click.option("--json", "as_json", is_flag=True, help="Schrijf JSON.")
@click.option("--keep", is_flag=True, help="Laat een demo die er al is staan.")
@click.option("--if-empty", is_flag=True, help="Doe niets als er al een school is.")
@with_appcontext
def demo_command(only_accounts: bool, as_json: bool, keep: bool, if_empty: bool) -> None:
    """Maak de demo: vijf scholen, op elk protocol een. Wat er in een oude demo stond, gaat weg."""
    _needs_tables()
    if only_accounts:
        if not demo.is_there():
            raise Refusal("De demo staat niet in deze database. Maak hem met: flask --app app demo")
        _print_accounts(demo.accounts(demo.plan()), as_json)
        return
    if if_empty and db.session.scalar(select(School.id).limit(1)):
        return
    try:
        demo.refuse_real_schools()
        made = demo.plan() if keep and demo.is_there() else demo.build(now())
    except demo.NotADemo:
        raise Refusal("In deze database staat een echte school. De demo wordt daar niet bij gezet: neem een lege database.") from None
    if as_json:
        _print_accounts(demo.accounts(made), as_json)
        return
    pupils = sum(len(one.pupils) for school in made for one in school.classes)
    click.echo(f"De demo staat klaar: {len(made)} scholen, {sum(len(s.classes) for s in made)} klassen, {pupils} leerlingen.")
    click.echo("Alle accounts: flask --app app demo --accounts")


def _print_accounts(found: list[dict[str, str | None]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    heading = ""
    for one in found:
        here = f"{one['school']}" if one["role"] != "leerling" else f"{one['school']}, {one['class']}, klascode {one['class_code']}"
        if here != heading:
            heading = here
            click.echo(f"\n{heading}")
        click.echo("  " + _account_line(one))


def _account_line(one: dict[str, str | None]) -> str:
    if one["role"] == "leerling":
        return f"{one['name']:<34} {_said(one)}"
    return f"{one['role']:<11} {one['name']:<22} {one['email']:<34} {one['password']}"


def _said(one: dict[str, str | None]) -> str:
    kinds = {"pictures": "plaatjes", "word": "woord", "pin": "pincode"}
    return f"{kinds[str(one['secret_kind'])]} {str(one['secret']).replace('-', ', ')}"


# ---- schools, classes, staff ----

school = AppGroup("school", help="Scholen maken en bekijken.")
school_class = AppGroup("class", help="Klassen maken.")
staff = AppGroup("staff", help="Medewerkers maken.")
installation = AppGroup("installation", help="Wie deze installatie beheert.")


@school.command("add")
@click.argument("name", default="")
@click.option("--protocol", default="", help="agora, liudger, ichthus, compass of tjongeling.")
def add_school(name: str, protocol: str) -> None:
    """Maak een school op een van de vijf protocollen."""
    _needs_tables()
    form, made = read_school({"naam": name, "protocol": protocol})
    _refuse_on_problems(form)
    assert made is not None
    with writing():
        school_id = actions.add_school(made.name, made.protocol, now()).id
    click.echo(f"School {made.name} is gemaakt ({made.protocol}), id {school_id}.")


@school.command("list")
def list_schools() -> None:
    """Laat alle scholen zien."""
    _needs_tables()
    found = db.session.scalars(select(School).order_by(School.name)).all()
    for one in found:
        click.echo(f"{one.id}  {one.protocol:<11} {one.name}{'  [demo]' if one.is_demo else ''}")
    if not found:
        click.echo('Er is nog geen school. Maak er een met: flask --app app school add "Naam" --protocol agora')


@school_class.command("add")
@click.argument("school_name", metavar="SCHOOL", default="")
@click.argument("name", default="")
@click.option("--year-group", default="", help='Bijvoorbeeld "groep 7" of "klas 2".')
@click.option("--secret", default="", help="pictures, word of pin.")
def add_class(school_name: str, name: str, year_group: str, secret: str) -> None:
    """Maak een klas."""
    _needs_tables()
    found = _school_named(school_name)
    form, made = read_class({"naam": name, "leerjaar": year_group, "inlog": secret}, found.id)
    _refuse_on_problems(form)
    assert made is not None
    school_id = found.id
    with writing():
        code = actions.add_class(school_id, made.name, made.year_group, made.secret_kind, now()).code
    click.echo(f"Klas {made.name} is gemaakt. De klascode is {code}.")


@staff.command("add")
@click.argument("school_name", metavar="SCHOOL", default="")
@click.option("--role", default="", help="mentor, teamleider of beheerder.")
@click.option("--name", default="")
@click.option("--email", default="")
def add_staff(school_name: str, role: str, name: str, email: str) -> None:
    """Maak een medewerker; het eerste wachtwoord wordt één keer getoond."""
    _needs_tables()
    _new_staff(school_name, role, name, email)


@installation.command("beheerder")
@click.argument("school_name", metavar="SCHOOL", default="")
@click.option("--name", default="")
@click.option("--email", default="")
def add_installation_beheerder(school_name: str, name: str, email: str) -> None:
    """Maak een beheerder die ook scholen mag maken."""
    _needs_tables()
    _new_staff(school_name, Role.BEHEERDER.value, name, email, runs_installation=True)


def _new_staff(school_name: str, role: str, name: str, email: str, *, runs_installation: bool = False) -> None:
    school_id = _school_named(school_name).id
    form, made = read_staff({"naam": name, "email": email, "rol": role})
    _refuse_on_problems(form)
    assert made is not None
    first = account_actions.draw_first_password()
    with writing():
        person = account_actions.add_staff(school_id, made.role, made.name, made.email, first, now())
        person.runs_installation = runs_installation
        audit.note("medewerker-gemaakt", school_id, None, person.id)
    click.echo(f"{made.name} kan inloggen met {made.email}.")
    click.echo(f"Eerste wachtwoord, dit zie je maar één keer: {first.password}")


# ---- content ----

content = AppGroup("content", help="Lessen en opgaven nakijken.")


@content.command("check")
@click.option("--json", "as_json", is_flag=True, help="Schrijf JSON.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=ROOT)
def check_content(as_json: bool, folder: Path) -> None:
    """Laat alles zien wat er mis is in protocollen, lessen en opgaven, met bestand, regel en wat je eraan doet."""
    found = check(folder)
    if as_json:
        click.echo(json.dumps([problem.as_dict() for problem in found], ensure_ascii=False, indent=1))
    else:
        for problem in found:
            click.echo(str(problem))
        files = len({problem.file for problem in found})
        click.echo(f"{len(found)} opmerkingen in {files} bestanden." if found else "Alles klopt.")
    if found:
        sys.exit(1)


@content.command("coverage")
@click.option("--json", "as_json", is_flag=True, help="Schrijf JSON.")
def cover_content(as_json: bool) -> None:
    """Laat zien welke regels en artikelen worden geleerd en gevraagd, en wat per school het goede antwoord is."""
    try:
        found = coverage(load_library().lessons.values(), load_corpus())
    except ContentError as error:
        raise Refusal(f"Er zit een fout in de inhoud. Kijk eerst met: flask --app app content check\n{error}") from None
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        _print_coverage(found)


def _print_coverage(found: dict[str, Any]) -> None:
    rules, core = load_corpus().rules, "kern"
    click.echo(f"{'regel':<44}{'':<6}{'primair':<18}voortgezet\n{'':<50}{'geleerd gevraagd':<18}geleerd gevraagd")
    for key, tracks in found["rules"].items():
        counts = "".join(f"{len(tracks[name]['taught']):>7} {len(tracks[name]['asked']):>8}  " for name in ("primary", "secondary"))
        if any(tracks[name][part] for name in tracks for part in ("taught", "asked")):
            click.echo(f"{key:<44}{core if rules[key].is_core else '':<6}{counts}")
    reached = sum(bool(one["taught"] or one["asked"]) for one in found["articles"].values())
    differing = sum(differs(one["answers"]) for one in found["items"].values())
    click.echo(f"\n{len(found['items'])} opgaven, kaartjes en chats; bij {differing} verschilt het antwoord per school.")
    click.echo(f"{reached} van de {len(found['articles'])} artikelen worden geleerd of gevraagd.")
    _print_chats(found["scenarios"])


def _print_chats(scenarios: dict[str, Any]) -> None:
    click.echo(f"\n{'gesprek':<32}{'school':<14}{'knopen':>7}{'aflopen':>9}{'kortste':>9}{'langste':>9}  bewezen")
    for slug, schools in scenarios.items():
        for school, proof in schools.items():
            counts = f"{len(proof['nodes']):>7}{len(proof['endings']):>9}{proof['shortest']:>9}{proof['longest']:>9}"
            click.echo(f"{slug:<32}{school:<14}{counts}  {'ja' if proof['proved'] else 'nee'}")


# ---- the server ----


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Breng de database bij en start de server op HOST:PORT."""
    from flask_migrate import upgrade  # noqa: PLC0415  (loads alembic, which only this command needs)

    settings: Settings = current_app.config["SETTINGS"]
    upgrade(str(ROOT / "migrations"))
    _tell_where(settings)
    db.session.remove()
    db.engine.dispose()
    sys.stdout.flush()
    if find_spec("granian"):
        _serve_with_granian(settings)
    else:
        _serve_with_waitress(settings)


def _tell_where(settings: Settings) -> None:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104  (only to tell the address)
    click.echo(f"Netjes draait op http://{host}:{settings.port} (stoppen: Ctrl+C)")
    if not demo.is_there():
        click.echo('Nog geen school? flask --app app school add "Naam" --protocol agora, of de demo: flask --app app demo')
        return
    found = demo.accounts(demo.plan())
    click.echo("De demo staat erin. Log bijvoorbeeld in als:")
    for role, protocol in SAMPLES:
        one = next(account for account in found if account["role"] == role and account["protocol"] == protocol)
        click.echo(f"  {_sample_line(one, host, settings.port)}")
    click.echo("Iedereen: flask --app app demo --accounts")


def _sample_line(one: dict[str, str | None], host: str, port: int) -> str:
    if one["role"] == "leerling":
        return f"leerling    klascode {one['class_code']}, {one['name']}, {_said(one)}   ({one['class']}, {one['school']})"
    return f"{one['role']:<11} {one['email']}, {one['password']}   (http://{host}:{port}/medewerkers)"


def _serve_with_granian(settings: Settings) -> None:
    """One worker: on SQLite a second writing process makes answers wait instead of going faster."""
    command = [
        sys.executable, "-m", "granian", "app:application", "--factory", "--interface", "wsgi", "--workers", "1",
        "--blocking-threads", str(settings.threads), "--host", settings.host, "--port", str(settings.port),
        "--working-dir", str(ROOT), "--log-level", "error",
    ]  # fmt: skip
    if os.name == "posix":
        os.chdir(ROOT)
        os.execv(sys.executable, command)  # noqa: S606  (our own command; replaces this process, so that one app is in memory)
    sys.exit(subprocess.call(command, cwd=ROOT))  # noqa: S603


def _serve_with_waitress(settings: Settings) -> None:
    from waitress import serve as run  # noqa: PLC0415

    run(current_app._get_current_object(), host=settings.host, port=settings.port, threads=64, connection_limit=1000)  # type: ignore[attr-defined]
