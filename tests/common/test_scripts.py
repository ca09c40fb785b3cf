"""Modules joined into one script: run as the browser would run them, and refused when they cannot be."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from common.assets import ROOT, Assets
from common.scripts import NotUnderstood, joined, orders, target_of

FILES = {
    "js/main.js": """
import { greet } from "./modules/a.js";
import("./modules/b.js").then((b) => console.log(greet("wifi"), b.LOUD, b.twice));
""",
    "js/modules/a.js": """
// A remark.
import * as words from "../../vendor/w.js";
export function greet(who) {
  return `${words.hello} ${who}`;
}
""",
    "js/modules/b.js": """
import { hello as hi } from "../../vendor/w.js";
export const LOUD = hi.toUpperCase();
export async function twice() {}
""",
    "vendor/w.js": """
/*! Licence */
/**
 * A remark.
 */
const h = "hallo";
let times = 0;
console.log("once", ++times);
export { h as hello };
""",
}
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="no node to run a script")


def _joined(**changed: str) -> str:
    files = {**FILES, **{f"js/{name}.js": text for name, text in changed.items()}}
    return joined("js/main.js", files.__getitem__, ["js/modules/a.js", "js/modules/b.js", "vendor/w.js"])


@needs_node
def test_joined_modules_run_as_the_browser_would_run_them() -> None:
    said = subprocess.run(["node", "--input-type=module"], input=_joined(), capture_output=True, text=True, check=True, timeout=60)  # noqa: S607
    assert said.stdout.splitlines() == ["once 1", "hallo wifi HALLO [AsyncFunction: twice]"]


def test_remarks_are_left_out_and_licences_stay() -> None:
    text = _joined()
    assert "A remark" not in text
    assert "/*! Licence */" in text


@pytest.mark.parametrize(
    "line",
    ["export default function () {}", 'import "./side.js";', 'import x from "./modules/a.js";', 'import { x } from "./elsewhere.js";'],
)
def test_what_cannot_be_joined_stops_the_start(line: str) -> None:
    with pytest.raises(NotUnderstood, match=r"static/js/main\.js"):
        _joined(main=line + "\n")


def test_a_module_that_is_not_in_the_order_is_still_fetched_by_itself() -> None:
    assert 'import("./modules/editor.js")' in _joined(main='const x = () => import("./modules/editor.js");\n')


def test_an_order_has_sections_and_remarks() -> None:
    assert orders("# remark\n[a]\none\n\n[b]\ntwo\n# three\n") == {"a": ["one"], "b": ["two"]}
    assert target_of("js/modules/queue.js", "../../vendor/idb-keyval.js") == "vendor/idb-keyval.js"


def test_the_script_of_every_page_carries_its_modules_and_points_to_the_rest_by_hash() -> None:
    main = Assets(ROOT).get("js/main.js")
    assert main is not None
    fetched = re.findall(r'import\("\./([^"]+)"\)', main.body.decode())
    assert fetched
    assert [name for name in fetched if not re.search(r"\.[0-9a-f]{10}\.js$", name)] == []
    assert not re.search(r"^(import|export)\b(?!\()", main.body.decode(), re.MULTILINE)


def test_every_file_of_an_order_exists() -> None:
    for kind in ("css", "js"):
        for files in orders((ROOT / kind / "ORDER").read_text(encoding="utf-8")).values():
            base = ROOT / "css" if kind == "css" else ROOT
            assert [file for file in files if not Path(base / file).is_file()] == []
