// Shows at once who sees what with the switches as they stand. Without this it is shown after the check.
export function start(box) {
  const live = box.querySelector("[data-live]");

  function show() {
    for (const pick of box.querySelectorAll(":checked")) {
      const sees = pick.dataset.sees.split(" ");
      for (const thing of live.querySelectorAll(`[data-thing="${pick.dataset.switch}"]`)) {
        const isSeen = sees.includes(thing.dataset.who);
        thing.classList.remove("is-open", "is-seen", "is-hidden");
        thing.classList.add(isSeen ? "is-seen" : "is-hidden");
        const word = thing.querySelector(".seen__word");
        word.textContent = isSeen ? word.dataset.yes : word.dataset.no;
      }
    }
  }

  live.hidden = false;
  box.addEventListener("change", show);
  show();
}
