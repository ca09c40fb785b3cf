// How many signs still fit in a text field, once that begins to matter.
const FEW = 200;

export function start(box) {
  const field = box.querySelector("textarea");
  const line = box.querySelector("[data-count]");

  function count() {
    const left = field.maxLength - field.value.length;
    line.textContent = line.dataset.count.replace("{n}", left);
    line.hidden = left > FEW;
  }

  field.addEventListener("input", count);
  count();
}
