// Starts one small module for each data-module on the page, and what holds for every page. Every page works without this.
const modules = {
  "chat-log": () => import("./modules/chat-log.js"),
  counter: () => import("./modules/counter.js"),
  editor: () => import("./modules/editor.js"),
  offline: () => import("./modules/offline.js"),
  ordering: () => import("./modules/ordering.js"),
  print: () => import("./modules/print.js"),
  "secret-pictures": () => import("./modules/secret-pictures.js"),
  sorting: () => import("./modules/sorting.js"),
};

for (const element of document.querySelectorAll("[data-module]")) {
  const load = modules[element.dataset.module];
  if (load) {
    load().then((module) => module.start(element));
  }
}

// What needs attention first: the verdict, or the summary of what is wrong.
document.querySelector("[data-focus]")?.focus();

// A button pressed twice sends once. It wakes up again when the page comes back, or when the answer was a file.
const WAKE_AFTER = 5000;
const asleep = new Set();

function wake(button) {
  button.disabled = false;
  asleep.delete(button);
}

addEventListener("submit", ({ defaultPrevented, submitter }) => {
  if (defaultPrevented || !submitter) {
    return;
  }
  asleep.add(submitter);
  setTimeout(() => {
    submitter.disabled = true;
  });
  setTimeout(wake, WAKE_AFTER, submitter);
});
addEventListener("pageshow", () => asleep.forEach(wake));
