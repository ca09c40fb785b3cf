"""Settings of one installation, read once from the environment and checked before the app starts."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent


class SettingError(ValueError):
    """A setting has a value with which the app must not start; the message is one clear line."""


@dataclass(frozen=True)
class Settings:
    """Everything that may differ between two installations. Times are in seconds, sizes in bytes."""

    database_url: str
    secret_key: str
    secret_pepper: str
    host: str
    port: int
    threads: int
    allowed_hosts: tuple[str, ...]
    behind_tls: bool
    trusted_proxies: int
    totp_required: bool
    log_level: str

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read and check every setting. Raises SettingError with the name and the remedy."""
        env = os.environ if environment is None else environment
        data = Path(env.get("NETJES_DATA") or ROOT / "var")
        key, pepper = _secrets_of(data, env)
        return cls(
            database_url=_database_url(env.get("DATABASE_URL", ""), data),
            secret_key=key,
            secret_pepper=pepper,
            host=env.get("HOST", "") or "127.0.0.1",
            port=_whole_number(env, "PORT", 8000, 1, 65535),
            threads=_whole_number(env, "THREADS", 48, 1, 256),
            allowed_hosts=_names(env.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")),
            behind_tls=_yes_or_no(env, "BEHIND_TLS", default=False),
            trusted_proxies=_whole_number(env, "TRUSTED_PROXIES", 0, 0, 5),
            totp_required=_yes_or_no(env, "TOTP_REQUIRED", default=True),
            log_level=_one_of(env, "LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
        )


def _database_url(value: str, data: Path) -> str:
    if not value:
        data.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{(data / 'netjes.db').resolve()}"
    if value.startswith(("postgres://", "postgresql://")):
        return "postgresql+psycopg://" + value.split("://", 1)[1]
    if value.startswith(("sqlite:///", "postgresql+psycopg://")):
        return value
    raise SettingError("DATABASE_URL: begin met sqlite:/// of postgresql://")


def _secrets_of(data: Path, env: Mapping[str, str]) -> tuple[str, str]:
    """The session key and the pepper: from the environment, else from two files that only the owner may read."""
    found = []
    for name in ("SECRET_KEY", "SECRET_PEPPER"):
        value = env.get(name, "")
        if value and len(value) < 32:
            raise SettingError(f"{name}: neem ten minste 32 tekens")
        found.append(value or _kept_secret(data / name.lower()))
    return found[0], found[1]


def _kept_secret(file: Path) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(secrets.token_urlsafe(48))
    return file.read_text(encoding="ascii").strip()


def _whole_number(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    value = env.get(name, "")
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise SettingError(f"{name}: geef een heel getal van {least} tot en met {most}, niet {value!r}")
    return int(value)


def _yes_or_no(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = env.get(name, "").lower()
    if value in ("", "1", "0", "ja", "nee", "true", "false"):
        return default if not value else value in ("1", "ja", "true")
    raise SettingError(f"{name}: geef ja of nee, niet {value!r}")


def _one_of(env: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = env.get(name, "").upper() or default
    if value not in allowed:
        raise SettingError(f"{name}: kies uit {', '.join(allowed)}, niet {value!r}")
    return value


def _names(value: str) -> tuple[str, ...]:
    names = tuple(part.strip().lower() for part in value.split(",") if part.strip())
    if not names:
        raise SettingError("ALLOWED_HOSTS: noem ten minste een naam, bijvoorbeeld netjes.school.nl")
    return names
