// The lesson editor: a fresh preview while typing, problems that jump to their line, and no text lost by leaving.
const WAIT = 400;

export function start(root) {
  const text = root.querySelector("[data-editor]");
  const form = text.form;
  const preview = root.querySelector("[data-preview]");
  const problems = document.querySelector("[data-editor-problems]");
  const status = document.querySelector("[data-editor-status]");
  const place = root.querySelector("[data-editor-place]");
  let saved = form.dataset.unsaved === "1" ? null : text.value;
  let timer = 0;
  let running = null;

  const say = (key) => {
    status.textContent = key ? status.dataset[key] : "";
  };

  async function refresh() {
    running?.abort();
    running = new AbortController();
    const mine = running;
    say("busy");
    try {
      const response = await fetch(form.dataset.previewUrl, { method: "POST", body: new FormData(form), signal: mine.signal });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const parts = Object.fromEntries([...page.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
      if (!parts.preview) {
        say(response.redirected || response.status === 400 ? "out" : "failed");
        return;
      }
      problems.replaceChildren(...parts.problems.childNodes);
      preview.dataset.skin = parts.preview.dataset.skin;
      preview.dataset.theme = parts.preview.dataset.theme;
      preview.replaceChildren(...parts.preview.childNodes);
      follow();
      say("done");
    } catch (error) {
      if (error.name !== "AbortError") say("failed");
    }
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(refresh, WAIT);
  }

  function caret() {
    const before = text.value.slice(0, text.selectionStart).split("\n");
    return { line: before.length, column: before.at(-1).length + 1 };
  }

  // Shows where the caret is, and the screen that is being written on the right.
  function follow() {
    const { line, column } = caret();
    place.textContent = place.dataset.words.replace("{line}", line).replace("{column}", column);
    let here = null;
    for (const screen of preview.querySelectorAll("[data-line]")) {
      if (Number(screen.dataset.line) <= line) here = screen;
      screen.classList.remove("is-here");
    }
    if (!here || document.activeElement !== text) return;
    here.classList.add("is-here");
    const room = preview.parentElement;
    if (getComputedStyle(room).overflowY === "auto") {
      const gap = here.getBoundingClientRect().top - room.getBoundingClientRect().top;
      if (gap < 40 || gap > room.clientHeight - 80) room.scrollTop += gap - 60;
    }
  }

  function jump(line, column) {
    const rows = text.value.split("\n");
    const from = rows.slice(0, line - 1).reduce((sum, row) => sum + row.length + 1, 0) + Math.max(column - 1, 0);
    const to = rows.slice(0, line).reduce((sum, row) => sum + row.length + 1, 0) - 1;
    // Focus scrolls to the caret in most browsers only when it is typed at; so the height is worked out as well.
    text.focus();
    text.setSelectionRange(from, Math.max(from, to));
    text.scrollTop = heightAbove(text, from) - text.clientHeight / 3;
    text.scrollIntoView({ block: "nearest" });
    follow();
  }

  problems.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#tekstregel-"]');
    if (!link) return;
    event.preventDefault();
    const said = link.parentElement.querySelector("[data-line]");
    jump(Number(link.hash.slice("#tekstregel-".length)), Number(said?.dataset.column ?? 0));
  });
  text.addEventListener("input", soon);
  for (const name of ["keyup", "click", "focus"]) text.addEventListener(name, follow);
  for (const field of root.querySelectorAll("[data-look]")) field.addEventListener("change", refresh);
  form.addEventListener("submit", () => {
    saved = text.value;
  });
  window.addEventListener("beforeunload", (event) => {
    if (text.value !== saved) event.preventDefault();
  });
}

// How high the text above a position stands: measured in a copy of the field, since lines wrap.
function heightAbove(field, position) {
  const copy = document.createElement("textarea");
  copy.className = field.className;
  copy.rows = 1;
  copy.setAttribute("aria-hidden", "true");
  copy.tabIndex = -1;
  copy.classList.add("code--measure");
  copy.value = field.value.slice(0, position);
  field.after(copy);
  copy.style.width = `${field.clientWidth}px`;
  const height = copy.scrollHeight;
  copy.remove();
  return height;
}
