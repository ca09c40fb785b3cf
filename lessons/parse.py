"""From a Markdown file to a unit or a mentor page, or to every problem in it in the author's words."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from common.markdown import LONGEST, render
from common.problems import Problem
from common.yaml_source import Source
from lessons.domain import BLOCKS, MENTOR_SECTIONS, REVIEW_KEY, Block, FrontMatter, MentorFrontMatter, MentorPage, Piece, Prose, Step, Unit
from protocols.domain import Corpus, Stance
from quizzes.quiz import Quiz

HEADING = re.compile(r"^##\s+(?P<title>.+?)\s*(?:\{#(?P<key>[a-z0-9-]+)\})?\s*$")
OPENING = re.compile(r"^:::\s+(?P<kind>[a-z]+)\s+(?P<id>.+?)\s*$")
NAME = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
HELP_ROUTES = frozenset(
    {"school-contacten", "kindertelefoon", "helpwanted", "vertrouwensinspecteur", "veilig-thuis", "politie", "politie-spoed"}
)
MOST_BLOCKS = 300
PAGES_OF_THEIR_OWN = frozenset({"opgave", "scenario", "gesprek", "intentie"})
MENTOR_BLOCKS = frozenset({"regel", "hulp"})


@dataclass
class _Draft:
    """What is being read: the file, its lines and everything wrong so far."""

    file: str
    problems: list[Problem]

    def add(self, line: int, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, line, message, remedy))


def parse_unit(file: str, text: str, quiz: Quiz, corpus: Corpus) -> tuple[Unit | None, list[Problem]]:
    """Read one lesson. The unit is None when there is any problem."""
    unit, problems = read_unit(file, text, quiz, corpus)
    return (None if problems else unit), problems


def read_unit(file: str, text: str, quiz: Quiz, corpus: Corpus, spare: FrontMatter | None = None) -> tuple[Unit | None, list[Problem]]:
    """Read a lesson that may be half written: the unit holds what could be read, for who wants to see it all the same.

    spare stands in for a head of the lesson that cannot be read.
    """
    draft = _Draft(file, [])
    found = _front_and_steps(draft, text, BLOCKS.keys())
    meta = found[0].parse(FrontMatter) if found else None
    if found:
        draft.problems += found[0].problems
    meta = meta or spare
    if meta is None or found is None:
        return None, draft.problems
    unit = Unit(meta, tuple(found[1]), _version(meta.revision, text), text)
    _check_unit(draft, unit, quiz, corpus)
    return unit, draft.problems


def parse_mentor_page(file: str, text: str, corpus: Corpus) -> tuple[MentorPage | None, list[Problem]]:
    """Read the page for the mentor. It is None when there is any problem."""
    draft = _Draft(file, [])
    found = _front_and_steps(draft, text, MENTOR_BLOCKS)
    meta = found[0].parse(MentorFrontMatter) if found else None
    if found:
        draft.problems += found[0].problems
    if meta is None or found is None:
        return None, draft.problems
    keys = tuple(step.key for step in found[1])
    if keys != MENTOR_SECTIONS:
        draft.add(1, f"de delen zijn {', '.join(keys)}", f"neem deze negen, in deze volgorde: {', '.join(MENTOR_SECTIONS)}")
    for step in found[1]:
        for block in step.blocks:
            _check_block(draft, block, corpus)
    return (None if draft.problems else MentorPage(meta, tuple(found[1]))), draft.problems


def _version(revision: int, text: str) -> str:
    return f"{revision}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _front_and_steps(draft: _Draft, text: str, kinds: object) -> tuple[Source, list[Step]] | None:
    if len(text) > LONGEST:
        draft.add(1, "de les is te lang", f"hooguit {LONGEST} tekens")
        return None
    if text.count(":::") > 2 * MOST_BLOCKS:
        draft.add(1, "de les heeft te veel blokken", f"hooguit {MOST_BLOCKS} blokken die met ::: beginnen")
        return None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0].strip() != "---" or "---" not in [line.strip() for line in lines[1:]]:
        draft.add(1, "de kop van de les ontbreekt", "begin met ---, dan de velden, dan weer ---")
        return None
    end = [line.strip() for line in lines[1:]].index("---") + 1
    front = Source(draft.file, "\n".join(lines[1:end]), first_line=2)
    return front, list(_steps(draft, lines, end + 1, kinds))


def _steps(draft: _Draft, lines: list[str], start: int, kinds: object) -> Iterator[Step]:
    title, key, at = "", "", 0
    pieces: list[Piece] = []
    prose: list[str] = []
    number = start
    seen: Counter[str] = Counter()

    def close_prose(line: int) -> None:
        said = "\n".join(prose).strip("\n")
        if said.strip():
            if not at:
                draft.add(line - len(prose) + 1, "tekst voor de eerste stap", "begin met een regel als: ## Titel {#naam}")
            pieces.append(Prose(said, render(said), line - len(prose) + 1))
        prose.clear()

    while number < len(lines):
        line = lines[number]
        heading, opening = HEADING.match(line), OPENING.match(line)
        if heading:
            close_prose(number)
            if at:
                yield Step(key, title, tuple(pieces), at)
            pieces, title, key, at = [], heading["title"], heading["key"] or "", number + 1
            seen[key] += 1
            if not key:
                draft.add(at, f"stap {title!r} heeft geen naam", "zet er {#naam} achter")
            elif seen[key] > 1:
                draft.add(at, f"stap {{#{key}}} staat er twee keer", "geef een eigen naam")
        elif line.startswith("# "):
            draft.add(number + 1, "een kop met één #", "de titel staat in de kop van de les; begin een stap met ##")
        elif opening:
            close_prose(number)
            end = next((n for n in range(number + 1, len(lines)) if lines[n].strip() == ":::"), None)
            if end is None:
                draft.add(number + 1, "dit blok wordt niet gesloten", "zet onder het blok een regel met alleen :::")
                break
            block = _block(draft, opening["kind"], opening["id"], lines[number + 1 : end], number + 1, kinds)
            if block:
                pieces.append(block)
            number = end
        elif line.startswith(":::"):
            draft.add(number + 1, "dit is geen begin van een blok", "schrijf ::: soort naam")
        else:
            prose.append(line)
        number += 1
    close_prose(number)
    if at:
        yield Step(key, title, tuple(pieces), at)
    else:
        draft.add(start, "de les heeft geen stappen", "begin een stap met: ## Titel {#naam}")


def _block(draft: _Draft, kind: str, block_id: str, body: list[str], line: int, kinds: object) -> Block | None:
    if kind not in kinds:  # type: ignore[operator]
        draft.add(line, f"onbekend blok {kind}", f"kies uit: {', '.join(sorted(kinds))}")  # type: ignore[call-overload]
        return None
    source = Source(draft.file, "\n".join(body) if any(part.strip() for part in body) else "{}", first_line=line + 1)
    data = source.parse(BLOCKS[kind])
    draft.problems += source.problems
    return Block(kind, block_id, data, line) if data is not None else None


def _check_block(draft: _Draft, block: Block, corpus: Corpus) -> None:
    if block.kind == "regel":
        if block.id not in corpus.rules:
            draft.add(block.line, f"regel {block.id} bestaat niet", "neem een key uit het regeloverzicht")
        missing = [stance.value for stance in Stance if stance not in block.data.reason]
        if missing:
            draft.add(block.line, f"reason mist {', '.join(missing)}", "vul alle zes in; een school kan elk ervan kiezen")
    elif block.kind == "hulp":
        unknown = set(block.data.routes) - HELP_ROUTES
        if unknown:
            draft.add(block.line, f"onbekende hulp: {', '.join(sorted(unknown))}", f"kies uit: {', '.join(sorted(HELP_ROUTES))}")
        if block.data.routes[:1] != ("school-contacten",):
            draft.add(block.line, "de mensen van de eigen school staan niet voorop", "begin routes met school-contacten")


def _check_unit(draft: _Draft, unit: Unit, quiz: Quiz, corpus: Corpus) -> None:
    for block in unit.blocks:
        _check_block(draft, block, corpus)
        if block.kind not in ("regel", "woord") and not NAME.match(block.id):
            draft.add(block.line, f"{block.id} is geen naam", "gebruik kleine letters, cijfers en streepjes")
        if block.kind == "woord" and block.id not in {word.word for word in unit.meta.words}:
            draft.add(block.line, f"{block.id} staat niet bij words", "voeg het woord toe aan de kop van de les")
    if (unit.meta.theme, unit.meta.track) != (quiz.theme, quiz.track):
        draft.add(2, "thema of spoor past niet bij de opgaven", "gebruik hetzelfde thema en spoor")
    _check_items(draft, unit, quiz)
    _check_once(draft, unit)
    _check_goals(draft, unit, quiz)
    _check_rules(draft, unit, quiz)


def _check_items(draft: _Draft, unit: Unit, quiz: Quiz) -> None:
    placed = Counter(block.id for block in unit.blocks if block.kind == "opgave" and not block.data.check)
    in_lesson = {item.id for item in quiz.items if item.use == "lesson"}
    for block in unit.blocks:
        if block.kind == "opgave" and not block.data.check and block.id not in in_lesson:
            draft.add(block.line, f"opgave {block.id} bestaat niet", "neem een opgave met use: lesson")
        if block.kind == "opgave" and placed[block.id] > 1:
            draft.add(block.line, f"opgave {block.id} staat er twee keer", "laat er één staan")
        if block.kind == "scenario" and block.id != quiz.scenario.id:
            draft.add(block.line, f"scenario {block.id} bestaat niet", f"bedoel je {quiz.scenario.id}?")
    for missing in sorted(in_lesson - placed.keys()):
        draft.add(1, f"opgave {missing} staat nergens in de les", f"zet er een blok bij: ::: opgave {missing}")


def _check_once(draft: _Draft, unit: Unit) -> None:
    counted = Counter(block.kind for block in unit.blocks)
    checks = Counter(block.data.check for block in unit.blocks if block.kind == "opgave" and block.data.check)
    for name, count in (("starter", checks["starter"]), ("closing", checks["closing"])):
        if count != 1:
            draft.add(1, f"er is niet één {name}-meting", f"zet precies één blok opgave met check: {name}")
    for kind in ("scenario", "gesprek", "intentie"):
        if counted[kind] != 1:
            draft.add(1, f"er is niet één blok {kind}", f"zet precies één blok ::: {kind} in de les")
    if not counted["hulp"]:
        draft.add(1, "de les wijst de weg naar hulp niet", "zet een blok ::: hulp in de les")
    screens = [block for block in unit.blocks if block.kind in PAGES_OF_THEIR_OWN and not getattr(block.data, "check", None)]
    steps = {step.key for step in unit.steps}
    named = Counter(block.id for block in screens)
    for block in screens:
        stem, _dash, tail = block.id.rpartition("-")
        if block.id in steps or (stem in steps and tail.isdigit()) or (named[block.id] > 1 and block.kind != "opgave"):
            draft.add(block.line, f"de naam {block.id} komt twee keer voor", "geef elke bladzijde een eigen naam")
    for name, line in [(step.key, step.line) for step in unit.steps] + [(block.id, block.line) for block in screens]:
        if name.startswith(REVIEW_KEY):
            draft.add(line, f"de naam {name} is al bezet", f"{REVIEW_KEY}… is van vragen die terugkomen; kies een andere naam")


def _check_goals(draft: _Draft, unit: Unit, quiz: Quiz) -> None:
    goals = {goal.id for goal in unit.meta.goals}
    for item in quiz.items:
        if item.goal not in goals:
            draft.add(1, f"{item.id} hoort bij doel {item.goal}, en dat staat niet bij goals", "voeg het doel toe")
    measured = {item.goal for item in quiz.items if item.use == "check"}
    for goal in sorted(goals - measured):
        draft.add(1, f"doel {goal} wordt niet gemeten", "geef het een paar in vorm A en B")


def _check_rules(draft: _Draft, unit: Unit, quiz: Quiz) -> None:
    asked = {rule for item in quiz.items for rule in item.rules()}
    cited = {item.cite_if_ruled for item in quiz.items if item.cite_if_ruled} - asked
    for name, stated, real in (
        ("taught", set(unit.meta.rules.taught), set(unit.taught)),
        ("asked", set(unit.meta.rules.asked), asked),
        ("cited", set(unit.meta.rules.cited), cited),
    ):
        if stated != real:
            both = ", ".join(sorted(real)) or "niets"
            draft.add(1, f"rules.{name} klopt niet met de les en de opgaven", f"het moet zijn: {both}")
