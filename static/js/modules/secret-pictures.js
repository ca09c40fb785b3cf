// Collects the pictures without a reload. The last one is an ordinary press of its button, which sends them all.
export function start(box) {
  const { length, said } = box.dataset;
  const slots = [...box.querySelectorAll("[data-slot]")];
  const status = box.querySelector("[data-status]");
  const wipe = box.querySelector("[data-wipe]");
  const buttons = [...box.querySelectorAll("[name=plaatje]")];
  const kept = () => [...box.querySelectorAll("[name=gekozen]")];
  const empty = slots.map((_slot, place) => String(place + 1));

  function draw(chosen) {
    for (const [place, slot] of slots.entries()) {
      const button = buttons.find(({ value }) => value === chosen[place]);
      slot.classList.toggle("slot--full", Boolean(button));
      slot.replaceChildren(empty[place]);
      if (button) {
        const picture = button.querySelector("img").cloneNode();
        picture.alt = button.textContent.trim();
        slot.replaceChildren(picture);
      }
    }
    status.textContent = said.replace("{n}", chosen.length).replace("{total}", length);
    wipe.disabled = chosen.length === 0;
  }

  function keep(value) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "gekozen";
    field.value = value;
    box.append(field);
  }

  box.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) {
      return;
    }
    const before = kept().map(({ value }) => value);
    if (button === wipe) {
      event.preventDefault();
      kept().at(-1)?.remove();
      draw(before.slice(0, -1));
      if (wipe.disabled) {
        buttons[0].focus();
      }
      return;
    }
    draw([...before, button.value]);
    if (before.length + 1 < length) {
      event.preventDefault();
      keep(button.value);
    }
  });
}
