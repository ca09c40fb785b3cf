"""The start: a wrong setting stops it with one line, wrong content with a line for each problem."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import app as app_module
from app import application
from config import SettingError, Settings
from lessons import library
from tests.conftest import settings_for

ROOT = Path(__file__).resolve().parent.parent.parent
WRONG = {
    "PORT": ("0", "65536", "-1", "80.0", "acht", "٣", "8" * 30, " 80"),
    "THREADS": ("0", "257", "veel"),
    "TRUSTED_PROXIES": ("-1", "6", "ja"),
    "BEHIND_TLS": ("misschien", "2", "yes please"),
    "TOTP_REQUIRED": ("x",),
    "LOG_LEVEL": ("LUID", "info,debug"),
    "ALLOWED_HOSTS": (",", " , ,"),
    "DATABASE_URL": ("mysql://x", "netjes.db", "http://x", "sqlite:netjes.db"),
    "SECRET_KEY": ("kort", "x" * 31),
    "SECRET_PEPPER": ("kort",),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_value_is_refused_in_one_line_that_names_the_setting(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingError) as refused:
        Settings.from_environment({"NETJES_DATA": str(tmp_path), name: value})
    told = str(refused.value)
    assert told.startswith(f"{name}: ")
    assert "\n" not in told
    assert len(told) < 200


def test_a_wrong_value_stops_the_command_with_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "routes"], cwd=ROOT, env={**os.environ, "PORT": "acht"}, capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "PORT: geef een heel getal van 1 tot en met 65535, niet 'acht'" in done.stderr


def test_without_settings_everything_has_a_safe_value(tmp_path: Path) -> None:
    found = Settings.from_environment({"NETJES_DATA": str(tmp_path)})
    assert (found.host, found.port, found.trusted_proxies, found.totp_required) == ("127.0.0.1", 8000, 0, True)
    assert found.is_sqlite
    assert len(found.secret_key) >= 43
    assert found.secret_key != found.secret_pepper


def test_secrets_are_made_once_and_only_the_owner_may_read_them(tmp_path: Path) -> None:
    first, second = (Settings.from_environment({"NETJES_DATA": str(tmp_path)}) for _ in range(2))
    assert (first.secret_key, first.secret_pepper) == (second.secret_key, second.secret_pepper)
    for name in ("secret_key", "secret_pepper"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


@pytest.mark.parametrize("url", ["postgres://u@h/n", "postgresql://u@h/n", "postgresql+psycopg://u@h/n"])
def test_every_way_to_write_postgresql_is_understood(tmp_path: Path, url: str) -> None:
    found = Settings.from_environment({"NETJES_DATA": str(tmp_path), "DATABASE_URL": url})
    assert found.database_url == "postgresql+psycopg://u@h/n"
    assert not found.is_sqlite


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the content, read by the app instead of the real one."""
    for part in ("lessons/content", "quizzes/content"):
        shutil.copytree(ROOT / part, tmp_path / part)
    monkeypatch.setattr(library, "ROOT", tmp_path)
    library.load_library.cache_clear()
    yield tmp_path
    library.load_library.cache_clear()


def test_broken_content_stops_the_start_and_names_every_problem_with_file_line_and_remedy(
    copy: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NETJES_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    lesson = copy / "lessons/content/primair/pesten.md"
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("theme: pesten", "theme: vissen"), encoding="utf-8")
    (copy / "quizzes/content/primair/groepsapp.yaml").write_text("items: [", encoding="utf-8")
    (copy / "lessons/content/voortgezet/pesten.mentor.md").unlink()
    with pytest.raises(SystemExit) as stopped:
        application()
    told = str(stopped.value)
    assert told.startswith("Netjes start niet: er zit een fout in de inhoud.\n")
    lines = told.splitlines()[1:]
    for file in (
        "lessons/content/primair/pesten.md:",
        "quizzes/content/primair/groepsapp.yaml:",
        "lessons/content/voortgezet/pesten.mentor.md:",
    ):
        about = [line for line in lines if line.startswith(file)]
        assert about, f"{file} is not named in {lines}"
        assert about[0].removeprefix(file).partition(":")[0].isdigit()
        assert "→" in about[0]


def test_the_shipped_content_lets_the_app_start() -> None:
    assert library.load_library().lessons
    assert app_module.create_app


@pytest.mark.parametrize("name", ["DEBUG", "TESTING"])
def test_nothing_for_developers_is_switched_on(name: str, tmp_path: Path) -> None:
    made = app_module.create_app(settings_for(f"sqlite:///{tmp_path / 'x.db'}"))
    assert not made.config[name]
