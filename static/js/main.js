// Starts one small module for each data-module on the page, and what holds for every page. Every page works without this.
const modules = {
  away: () => import("./modules/away.js"),
  board: () => import("./modules/board.js"),
  chat: () => import("./modules/chat.js"),
  compose: () => import("./modules/compose.js"),
  counter: () => import("./modules/counter.js"),
  editor: () => import("./modules/editor.js"),
  lead: () => import("./modules/lead.js"),
  offline: () => import("./modules/offline.js"),
  live: () => import("./modules/live.js"),
  ordering: () => import("./modules/ordering.js"),
  "paper-grid": () => import("./modules/paper-grid.js"),
  print: () => import("./modules/print.js"),
  "reading-settings": () => import("./modules/reading-settings.js"),
  "secret-pictures": () => import("./modules/secret-pictures.js"),
  settings: () => import("./modules/settings.js"),
  sorting: () => import("./modules/sorting.js"),
};

for (const element of document.querySelectorAll("[data-module]")) {
  const load = modules[element.dataset.module];
  if (load) {
    load().then((module) => module.start(element));
  }
}

// Reading aloud, only with a Dutch voice of the device itself: any other voice would send the text of a pupil to somebody else.
const readAloud = document.querySelector("[data-read-aloud]");

function findVoice() {
  const voice = speechSynthesis.getVoices().find(({ lang, localService }) => localService && /^nl\b|^nl_/i.test(lang));
  const begin = () => {
    speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(""), { voice })); // Safari wants a first word within the press
    import("./modules/read-aloud.js").then((module) => module.start(readAloud, voice), wait);
  };
  const wait = () => readAloud.addEventListener("click", begin, { once: true });
  if (voice && readAloud.hidden) {
    readAloud.hidden = false;
    wait();
  }
}

if (readAloud && "speechSynthesis" in window) {
  findVoice();
  speechSynthesis.addEventListener?.("voiceschanged", findVoice);
}

// On pages of a pupil: keep the steps of the lesson for when the wifi fails, once the page has loaded.
if (document.body.dataset.who) {
  const later = window.requestIdleCallback ?? setTimeout;
  addEventListener("load", () => later(() => import("./modules/keep.js").then((module) => module.start())));
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
