"""Reading what a teamleider sends: a lesson text, how to look at it, and an agreement of the school."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from common.forms import Form
from common.markdown import LONGEST
from editor.present import Look
from protocols.domain import NEEDS_CONDITION, Answer, Article, Change, Stance, Track

LONGEST_CONDITION = 600
LONGEST_SHORT = 300
LONGEST_NOTE = 200
SILENT = Stance.NIET_GEREGELD


def whole_number(source: Mapping[str, str], name: str) -> int:
    """A number that the page carried along; -1 for anything else, which never fits."""
    value = source.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else -1


def read_text(source: Mapping[str, str]) -> Form:
    """The lesson text, cleaned; a problem when it is empty or too long."""
    form = Form()
    text = form.read(source, "les_tekst", label="de tekst van de les", longest=LONGEST - 1, lines=True)
    form.values["les_tekst"] = f"{text}\n" if text else ""
    return form


def read_look(source: Mapping[str, str], track: Track) -> Look:
    """As whom to look; anything unknown falls back to the track of the lesson, half 1, light."""
    wanted = source.get("spoor", "")
    return Look(
        Track(wanted) if wanted in set(Track) else track,
        2 if source.get("helft") == "2" else 1,
        "donker" if source.get("licht") == "donker" else "licht",
    )


@dataclass
class RuleForm(Form):
    """What the school wants to answer to one rule, with the number of changes that the writer knew of."""

    articles: list[str] = field(default_factory=list)
    seen: int = 0

    def change(self, rule_key: str) -> Change:
        """The change as typed. Only when there are no problems."""
        condition, short = (self.values[name] or None for name in ("voorwaarde", "voorwaarde_kort"))
        return Change(rule_key, Stance(self.values["antwoord"]), condition, short, tuple(self.articles))


def rule_form_of(answer: Answer, seen: int) -> RuleForm:
    """The form as it opens, with what is in force."""
    values = {"antwoord": answer.stance.value, "voorwaarde": answer.condition or "", "voorwaarde_kort": answer.condition_primary or ""}
    return RuleForm(values=values, articles=list(answer.articles), seen=seen)


def read_rule(source: MultiDict[str, str], articles: list[Article], now_in_force: Answer) -> RuleForm:
    """A changed agreement. What is typed stays, with what is wrong told per field."""
    form = RuleForm(seen=whole_number(source, "gezien"))
    form.pick(source, "antwoord", {stance.value for stance in Stance}, label="wat jullie school antwoordt")
    form.read(source, "voorwaarde", label="de voorwaarde", longest=LONGEST_CONDITION, needed=False)
    form.read(source, "voorwaarde_kort", label="de voorwaarde voor primair", longest=LONGEST_SHORT, needed=False)
    chosen = set(source.getlist("artikel"))
    form.articles = [article.id for article in articles if article.id in chosen]
    if not form.problems:
        _check_together(form, now_in_force)
    return form


def _check_together(form: RuleForm, now_in_force: Answer) -> None:
    stance, condition = Stance(form.values["antwoord"]), form.values["voorwaarde"]
    if stance in NEEDS_CONDITION and not condition:
        form.add("voorwaarde", "Vul de voorwaarde in: bij dit antwoord moet een leerling weten wanneer het kan, of wie beslist.")
    if form.values["voorwaarde_kort"] and not condition:
        form.add("voorwaarde", "Vul ook de hele voorwaarde in: de korte is er een samenvatting van.")
    if stance is SILENT and condition:
        form.add("voorwaarde", "Maak dit veld leeg: wat niet geregeld is, heeft geen voorwaarde.")
    if stance is SILENT and form.articles:
        form.add("artikel", "Haal de vinkjes bij de artikelen weg: wat niet geregeld is, staat in geen enkel artikel.")
    if not form.problems and _is_the_same(form, now_in_force):
        form.add("antwoord", "Er is nog niets veranderd. Kies een ander antwoord, of verander de voorwaarde of de artikelen.")


def _is_the_same(form: RuleForm, answer: Answer) -> bool:
    kept = (answer.stance.value, answer.condition or "", answer.condition_primary or "", set(answer.articles))
    return kept == (form.values["antwoord"], form.values["voorwaarde"], form.values["voorwaarde_kort"], set(form.articles))


@dataclass(frozen=True)
class RuleFilter:
    """Which rules the table shows; as it stands in the address."""

    track: str = ""
    group: str = ""
    own: bool = False
    core: bool = False
    silent: bool = False
    words: str = ""

    @property
    def is_set(self) -> bool:
        return self != RuleFilter()


def read_filter(source: Mapping[str, str], groups: set[str]) -> RuleFilter:
    track, group = source.get("spoor", ""), source.get("groep", "")
    words = Form().read(source, "zoek", label="zoekwoorden", longest=100, needed=False)[:100]
    return RuleFilter(
        track if track in set(Track) else "", group if group in groups else "", bool(source.get("aangepast")),
        bool(source.get("kern")), bool(source.get("open")), words,
    )  # fmt: skip
