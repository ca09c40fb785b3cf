// The board: keys and clickers, letters that fit, and following the lesson.
import { follow } from "./follow.js";

const ON = new Set(["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"]);
const BACK = new Set(["ArrowLeft", "ArrowUp", "PageUp", "Backspace"]);
const SMALLEST = 0.5;
const SMALLER = 0.04;

// Once in a while a text is longer than the board: then all of it is set a little smaller, so that nothing scrolls.
function fit(part) {
  const board = part.querySelector(".board");
  for (let size = 1; size >= SMALLEST; size -= SMALLER) {
    board.style.setProperty("--fit", size.toFixed(2));
    const { scrollHeight, scrollWidth } = document.documentElement;
    if (scrollHeight <= innerHeight && scrollWidth <= innerWidth) {
      return;
    }
  }
}

export function start(screen) {
  const part = screen.querySelector("[data-part]");
  let row = 0;

  function show() {
    const full = part.querySelector("[data-full]");
    full.hidden = !document.fullscreenEnabled || document.fullscreenElement !== null;
    fit(part);
    mark();
  }

  function mark() {
    part.querySelectorAll("[data-row]").forEach((one, number) => one.classList.toggle("is-picked", number === row - 1));
  }

  const { press } = follow(screen, { drawn: show });

  part.addEventListener("click", ({ target }) => {
    if (target.closest("[data-full]")) {
      document.documentElement.requestFullscreen();
    }
  });
  document.addEventListener("fullscreenchange", show);
  addEventListener("resize", () => fit(part));

  function pick(number) {
    const rows = part.querySelectorAll("[data-row]");
    if (number <= rows.length) {
      row = number;
      mark();
    }
  }

  function count(way) {
    const rows = part.querySelectorAll("[data-row]");
    if (rows.length) {
      const number = Math.min(Math.max(row, 1), rows.length);
      press(`:nth-child(${number} of [data-row]) [data-${way}]`);
    }
  }

  addEventListener("keydown", (event) => {
    const { key, target } = event;
    const isPressed = target.closest?.("button, a, input, summary") && (key === " " || key === "Enter");
    if (event.ctrlKey || event.metaKey || event.altKey || isPressed) {
      return;
    }
    if (ON.has(key)) {
      row = 0;
      press("[data-on]");
    } else if (BACK.has(key)) {
      row = 0;
      press("[data-back]");
    } else if (key === "Home") {
      row = 0;
      press("[data-home]");
    } else if (/^[1-9]$/.test(key)) {
      pick(Number(key));
    } else if (key === "+" || key === "=") {
      count("more");
    } else if (key === "-") {
      count("less");
    } else {
      return;
    }
    event.preventDefault();
  });
}
