"""What docs/content.md shows a writer works as it stands."""

from __future__ import annotations

import re

from common.yaml_source import Source
from lessons.library import ROOT
from protocols.domain import Stance
from protocols.parse import load_corpus
from quizzes.scenario import Scenario
from quizzes.scenario_check import scenario_faults
from quizzes.types.one_choice import OneChoice

BLOCKS = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/content.md").read_text(encoding="utf-8"), re.DOTALL)


def test_the_item_in_the_guide_is_whole() -> None:
    data = Source("docs/content.md", BLOCKS[0]).data
    item = OneChoice.model_validate(data["items"][0])
    assert item.by_stance is not None
    assert set(item.by_stance) == set(Stance)
    assert set(data["rule_texts"][item.rule]) == {stance.value for stance in Stance}


def test_the_scenario_in_the_guide_can_be_played_to_an_end() -> None:
    scenario = Scenario.model_validate(Source("docs/content.md", BLOCKS[1]).data["scenario"])
    assert list(scenario_faults(scenario, load_corpus())) == []
