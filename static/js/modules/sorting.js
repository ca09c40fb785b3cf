// One card at a time where the skin asks for it: done cards shrink to a line, later ones wait. The button steps on, not the choice,
// because arrow keys choose too.
export function start(box) {
  const cards = [...box.querySelectorAll("[data-card]")];
  const next = box.querySelector("[data-next]");
  const line = box.querySelector("[data-count]");
  const check = box.closest("form")?.querySelector(".actions button.push");
  const oneByOne = box.closest("[data-skin]").dataset.skin === "primair";
  const isDone = (card) => card.querySelector(":checked") !== null;
  const firstLeft = (but) => cards.find((card) => card !== but && !isDone(card));
  let now = firstLeft() ?? cards[0];

  function show() {
    for (const card of cards) {
      card.dataset.state = card === now ? "now" : isDone(card) ? "done" : "later";
    }
    const number = oneByOne ? cards.indexOf(now) + 1 : cards.filter(isDone).length;
    const words = line.dataset.count.replace("{n}", number).replace("{total}", cards.length);
    if (line.textContent !== words && number) {
      line.textContent = words;
    }
    next.hidden = !oneByOne || !firstLeft(now);
    if (check) {
      check.hidden = !next.hidden;
    }
  }

  function turnTo(card) {
    now = card;
    show();
  }

  box.addEventListener("change", show);
  box.addEventListener("click", ({ target }) => {
    const card = target.closest("[data-card]");
    if (card && card !== now) {
      turnTo(card);
    }
  });
  box.addEventListener("keydown", ({ key, target }) => {
    if (/^( |Enter|Arrow.*)$/.test(key) && target.matches(".pick")) {
      turnTo(target.closest("[data-card]"));
    }
  });
  next.addEventListener("click", () => {
    turnTo(firstLeft(now));
    now.querySelector("input").focus();
  });
  box.dataset.live = "";
  show();
}
