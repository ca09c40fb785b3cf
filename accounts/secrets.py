"""Secrets: drawn by the system for pupils, chosen by staff, kept only as a hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

PICTURES = ("kat", "boom", "fiets", "zon", "huis", "vis", "bal", "ster", "boot", "appel", "sleutel", "paraplu")
WORDS = tuple(
    "anker arend banaan beer berg bever bloem boek bord brug cactus citroen dak dijk dolfijn draad draak duif eend egel "
    "eiland emmer ezel fluit fontein fort gans geit glas goud gras haan haas hamer haven hek helm herfst hond hoorn "
    "ijsbeer iglo jas juni kaars kameel kano kasteel kers kikker klok koffer kompas konijn koorts kraan krant kroon "
    "kruid lamp laars lepel libel linde maan mand marmer meeuw merel mier molen muis muur nest net noord olifant oven "
    "paard palm panda parel pauw peer pen piano poort potlood raam raket regen ree rivier roos schaap schelp schip "
    "slak sleep sneeuw spin steen stoel storm struik tafel tent tijger toren trap trein tulp uil veer vlag vlieg vos "
    "vuur wagen walvis water wiel wilg wind wolf wolk wortel zadel zalm zand zebra zeil zomer zwaan".split()
)
DULL_PINS = frozenset({"0000", "1234", "4321", "1111", "2222", "3333", "4444", "5555", "6666", "7777", "8888", "9999"})
CODE_LETTERS = "ACDEFGHJKMNPQRTUVWXY34679"
CODE_LENGTH = 7

_for_staff = PasswordHasher()
_for_pupils = PasswordHasher(2, 19456, 1)
# Hashing takes 25-80 ms of a core; two at a time leave the threads that store answers alone.
_hashing = threading.BoundedSemaphore(2)


def draw_class_code() -> str:
    """A class code of 7 signs (32 bits) without look-alikes."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def clean_code(text: str) -> str:
    """A class code as typed: capitals, without spaces and dashes."""
    return "".join(sign for sign in text.upper() if sign.isalnum())[:20]


def draw_secret(kind: str) -> str:
    """A new secret for a pupil. pictures: three of twelve in order (1,320); word: 13,000 or more; pin: four digits."""
    if kind == "pictures":
        return "-".join(secrets.SystemRandom().sample(PICTURES, 3))
    if kind == "word":
        return f"{secrets.choice(WORDS)}{secrets.randbelow(90) + 10}"
    while (pin := f"{secrets.randbelow(10_000):04d}") in DULL_PINS:
        pass
    return pin


def draw_password() -> str:
    """A first password for a member of staff: four words and a number, to be changed at the first sign-in."""
    return "-".join([*(secrets.choice(WORDS) for _ in range(4)), str(secrets.randbelow(900) + 100)])


def hash_secret(kind: str, secret: str) -> str:
    hasher = _for_staff if kind == "password" else _for_pupils
    with _hashing:
        return hasher.hash(_peppered(kind, secret))


def secret_fits(kind: str, hashed: str | None, secret: str) -> bool:
    """Whether this is the secret. Takes as long when there is nobody or no secret, so that time tells nothing."""
    hasher = _for_staff if kind == "password" else _for_pupils
    with _hashing:
        if hashed is None:
            hasher.hash(_peppered(kind, secret))
            return False
        try:
            return hasher.verify(hashed, _peppered(kind, secret))
        except (VerificationError, InvalidHashError):
            return False


def _peppered(kind: str, secret: str) -> str:
    clean = secret if kind == "password" else secret.strip().lower()
    pepper = current_app.config["SECRET_PEPPER"].encode()
    return hmac.new(pepper, clean.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def new_token() -> str:
    """The random id of a sign-in (256 bits), for the cookie only."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def password_faults(password: str, email: str) -> list[str]:
    """What is wrong with a new password, in words; empty when it is good."""
    faults = []
    if len(password) < 12:
        faults.append("Neem ten minste 12 tekens. Een korte zin werkt goed.")
    if len(password) > 200:
        faults.append("Neem hooguit 200 tekens.")
    if password.lower() in COMMON or (len(email) > 3 and email.split("@", maxsplit=1)[0].lower() in password.lower()):
        faults.append("Dit wachtwoord is te makkelijk te raden.")
    if password and len(set(password.lower())) < 5:
        faults.append("Gebruik meer verschillende tekens.")
    return faults


# The longer ones of well-known lists of common passwords; shorter ones are refused by length.
COMMON = frozenset(
    """123456789012 1234567890123 qwertyuiop123 qwertyuiopas password1234 password12345 passwordpassword wachtwoord123
    wachtwoord1234 wachtwoordwachtwoord welkom123456 welkomwelkom welkom2024!! welkom2025!! welkom2026!! iloveyou1234
    abcdefghijkl abcdefghijklm abcd12345678 1q2w3e4r5t6y 1qaz2wsx3edc zaq12wsxcde3 asdfghjkl123 administrator
    administrator1 letmeinletmein qwerty123456 qwerty1234567 geheim123456 geheimgeheim school123456 schoolschool
    amsterdam123 rotterdam123 nederland123 feyenoord123 voetbal12345""".split()
)
