// Walking through a grid of fields by keyboard: arrows to the field beside, above or below; Enter down, and on to the next column
// at the end. Tab and the fields themselves do what they always do. Without this, Enter saves.
const UP_OR_DOWN = { ArrowUp: -1, ArrowDown: 1 };

export function start(table) {
  const rows = [...table.tBodies[0].rows];
  const how = table.closest("form").querySelector("[data-with-script]");
  how.hidden = false;

  function fieldAt(row, column) {
    return rows[row]?.cells[column]?.querySelector("input");
  }

  // The next field in a direction; cells without a field (an answer of the pupil's own) are passed over.
  function find(row, column, down, right) {
    for (let r = row + down, c = column + right; r >= 0 && r < rows.length && c > 0 && c < rows[r].cells.length; r += down, c += right) {
      const field = fieldAt(r, c);
      if (field) {
        return field;
      }
    }
    return null;
  }

  function following(row, column) {
    return find(row, column, 1, 0) ?? fieldAt(0, column + 1) ?? find(0, column + 1, 1, 0);
  }

  function atEdge(field, side) {
    const [from, to] = [field.selectionStart, field.selectionEnd];
    return side < 0 ? to === 0 || (from === 0 && to === field.value.length) : from === field.value.length || (from === 0 && to === field.value.length);
  }

  function go(field, event) {
    if (field) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  }

  table.addEventListener("keydown", (event) => {
    const field = event.target.closest("input");
    if (!field || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const cell = field.closest("td");
    const [row, column] = [rows.indexOf(cell.parentElement), cell.cellIndex];
    if (event.key in UP_OR_DOWN) {
      go(find(row, column, UP_OR_DOWN[event.key], 0), event);
    } else if (event.key === "ArrowLeft" && atEdge(field, -1)) {
      go(find(row, column, 0, -1), event);
    } else if (event.key === "ArrowRight" && atEdge(field, 1)) {
      go(find(row, column, 0, 1), event);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const next = event.shiftKey ? find(row, column, -1, 0) : following(row, column);
      (next ?? table.closest("form").querySelector(".grid-foot button")).focus();
      next?.select();
    }
  });
}
