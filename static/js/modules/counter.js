// How many signs still fit in a text field.
export function start(box) {
  const field = box.querySelector("textarea");
  const line = box.querySelector("[data-count]");

  function count() {
    line.textContent = line.dataset.count.replace("{n}", field.maxLength - field.value.length);
  }

  field.addEventListener("input", count);
  line.hidden = false;
  count();
}
