// Moves a row up or down without a reload. The buttons are real ones: without this they send the form.
export function start(list) {
  const status = list.nextElementSibling;

  function number() {
    const rows = [...list.children];
    for (const row of rows) {
      row.querySelector("[data-up]").disabled = row === rows[0];
      row.querySelector("[data-down]").disabled = row === rows.at(-1);
    }
    return rows;
  }

  function say(row, rows) {
    status.textContent = list.dataset.said
      .replace("{text}", row.querySelector("[data-text]").textContent)
      .replace("{n}", rows.indexOf(row) + 1)
      .replace("{total}", rows.length);
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-up], [data-down]");
    if (!button) {
      return;
    }
    event.preventDefault();
    const row = button.closest("li");
    const up = "up" in button.dataset;
    if (up) {
      row.previousElementSibling?.before(row);
    } else {
      row.nextElementSibling?.after(row);
    }
    list.querySelector(".is-moved")?.classList.remove("is-moved");
    row.classList.add("is-moved");
    const rows = number();
    // At the end of the list the button sleeps; the other one keeps the focus in this row.
    (button.disabled ? row.querySelector(up ? "[data-down]" : "[data-up]") : button).focus();
    say(row, rows);
  });
}
