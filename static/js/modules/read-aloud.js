// Reads the page aloud with a Dutch voice of the device itself, sentence by sentence, and shows what is being read.
// A pause is a stop that remembers its sentence: the pause of the browser loses its place on some devices, and Chrome falls
// silent after some fifteen seconds of one long text.
const RATES = { rustig: 0.75, gewoon: 0.95, vlot: 1.2 };
const LONGEST = 180;
const SENTENCE = "voorlezen";
const WORD = "voorlezen-woord";
const SILENT = [
  "button:not(.word)", ".btn", "nav", "select", "textarea", "script", "noscript", "svg", "[aria-hidden=true]", "[hidden]", "[popover]",
  "details:not([open])", ".kind", ".match__row", ".msg__from", ".ticks",
].join();
// Read as one piece, however many boxes they are made of.
const WHOLE = ".msg, .option, .seg, .match__rights li, label, legend";
const PRESSED = "a, button, summary, select, textarea";
const canMark = "highlights" in CSS;

function isShown(element) {
  return element.checkVisibility ? element.checkVisibility() : element.getClientRects().length > 0;
}

function boxOf(element) {
  return /^(inline|contents)/.test(getComputedStyle(element).display) ? boxOf(element.parentElement) : element;
}

// ---- what there is to read ----

// The text of a piece in one string, and for each sign of it where it stands on the page.
class Piece {
  text = "";
  places = [];
  #box = null;

  constructor(element) {
    this.element = element;
  }

  add(node, box) {
    if (this.#box && box !== this.#box && !/[.,:;?!…]\s*$/.test(this.text)) {
      this.#put(",");
    }
    if (this.#box && box !== this.#box) {
      this.#put(" ");
    }
    this.#box = box;
    for (let at = 0; at < node.length; at += 1) {
      const sign = node.data[at];
      if (sign.trim()) {
        this.#put(sign, node, at);
      } else if (this.text && !this.text.endsWith(" ")) {
        this.#put(" ", node, at);
      }
    }
  }

  #put(sign, node = null, at = 0) {
    this.text += sign;
    this.places.push({ node, at });
  }

  range(from, to) {
    const marked = this.places.slice(from, to).filter(({ node, at }) => node?.isConnected && at < node.length);
    if (!marked.length) {
      return null;
    }
    const range = new Range();
    range.setStart(marked[0].node, marked[0].at);
    range.setEnd(marked.at(-1).node, marked.at(-1).at + 1);
    return range;
  }

  // From and to of each sentence; a very long one is cut at a comma or a space.
  sentences() {
    const found = [];
    for (const { index, segment } of new Intl.Segmenter("nl", { granularity: "sentence" }).segment(this.text)) {
      let from = index;
      const end = index + segment.trimEnd().length;
      while (end - from > LONGEST) {
        const part = this.text.slice(from, from + LONGEST);
        const cut = Math.max(part.lastIndexOf(", ") + 1, part.lastIndexOf("; ") + 1) || part.lastIndexOf(" ") || LONGEST;
        found.push([from, from + cut]);
        from += cut;
      }
      found.push([from, end]);
    }
    return found.filter(([from, to]) => /[\p{L}\p{N}]/u.test(this.text.slice(from, to)));
  }
}

function collect(main) {
  const pieces = [];
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      return node.data.trim() ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
    }
    return node.matches(SILENT) || !isShown(node) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
  });
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const box = boxOf(node.parentElement);
    const element = node.parentElement.closest(WHOLE) ?? box;
    if (pieces.at(-1)?.element !== element) {
      pieces.push(new Piece(element));
    }
    pieces.at(-1).add(node, box);
  }
  return pieces.filter((piece) => piece.sentences().length);
}

// ---- reading ----

class Reader {
  isOn = false;
  #isPaused = false;
  #pieces = [];
  #at = 0;
  #sentence = 0;
  #fresh = null; // the first line that came into a talk above what is being read
  #turn = 0; // tells the events of what is being read from those of what was cut off
  #utterance = null; // kept, because some browsers forget an utterance that nobody holds

  constructor(button, bar, voice) {
    this.button = button;
    this.bar = bar;
    this.voice = voice;
    this.main = document.querySelector("main");
    this.pace = document.documentElement.dataset.pace ?? "gewoon";
    this.observer = new MutationObserver((records) => this.#changed(records));
  }

  get isSilent() {
    return this.#isPaused || this.#at >= this.#pieces.length;
  }

  begin() {
    this.isOn = true;
    this.#pieces = collect(this.main);
    this.observer.observe(this.main, { childList: true, subtree: true });
    this.button.setAttribute("aria-pressed", "true");
    this.bar.hidden = false;
    this.readFrom(0);
  }

  stop() {
    this.isOn = false;
    this.observer.disconnect();
    this.#hush();
    this.#mark(null);
    this.button.setAttribute("aria-pressed", "false");
    if (this.bar.contains(document.activeElement)) {
      this.button.focus();
    }
    this.bar.hidden = true;
  }

  pause() {
    this.#isPaused = true;
    this.#hush();
    this.#show();
  }

  resume() {
    if (this.#at >= this.#pieces.length) {
      this.readFrom(0);
    } else {
      this.#isPaused = false;
      this.#show();
      this.#speak();
    }
  }

  readFrom(number) {
    this.#isPaused = false;
    this.#at = Math.max(0, Math.min(number, this.#pieces.length - 1));
    this.#sentence = 0;
    this.#show();
    this.#speak();
  }

  step(by) {
    this.readFrom(this.#at + by);
  }

  readAt(target) {
    const number = this.#pieces.findLastIndex(({ element }) => element.contains(target));
    if (number >= 0) {
      this.readFrom(number);
    }
  }

  setPace(pace) {
    this.pace = pace;
    document.documentElement.dataset.pace = pace;
    if (!this.#isPaused && this.#utterance) {
      this.#speak();
    }
  }

  #hush() {
    this.#turn += 1;
    this.#utterance = null;
    speechSynthesis.cancel();
  }

  #speak() {
    this.#hush();
    const piece = this.#pieces[this.#at];
    if (!piece) {
      this.#rest();
      return;
    }
    const [from, to] = piece.sentences()[this.#sentence];
    const lead = this.#sentence ? "" : this.#lead(piece.element);
    const turn = this.#turn;
    const utterance = new SpeechSynthesisUtterance(lead + piece.text.slice(from, to));
    utterance.voice = this.voice;
    utterance.lang = this.voice.lang.replace("_", "-");
    utterance.rate = RATES[this.pace] ?? RATES.gewoon;
    utterance.addEventListener("end", () => turn === this.#turn && this.#goOn());
    utterance.addEventListener("error", () => turn === this.#turn && this.stop());
    utterance.addEventListener("boundary", ({ name, charIndex, charLength }) => {
      const at = from + charIndex - lead.length;
      if (turn === this.#turn && name === "word" && at >= from) {
        this.#markWord(piece.range(at, at + (charLength || piece.text.slice(at).search(/\s|$/))));
      }
    });
    this.#utterance = utterance;
    this.#mark(piece, from, to);
    speechSynthesis.speak(utterance);
  }

  // What is said before a piece: which answer this is, or who speaks.
  #lead(element) {
    const { answer, says, me } = this.bar.dataset;
    if (element.matches(".option")) {
      const all = [...element.closest("fieldset").querySelectorAll(".option")];
      return answer.replace("{n}", all.indexOf(element) + 1);
    }
    if (element.matches(".msg--me")) {
      return me;
    }
    const name = element.matches(".msg:not(.msg--cont)") && element.querySelector(".msg__from")?.textContent.trim();
    return name ? says.replace("{name}", name) : "";
  }

  #goOn() {
    this.#sentence += 1;
    const isDone = this.#sentence >= this.#pieces[this.#at].sentences().length;
    if (isDone) {
      this.#at = this.#fresh ? this.#placeOf(this.#fresh, this.#at + 1) : this.#at + 1;
      this.#sentence = 0;
      this.#fresh = null;
    }
    this.#speak();
  }

  // At the end of the page. Where a talk goes on, the voice waits for the next line.
  #rest() {
    this.#mark(null);
    if (this.main.querySelector("[role=log]")) {
      this.#show();
    } else {
      this.stop();
    }
  }

  #placeOf(element, otherwise) {
    const number = this.#pieces.findIndex((piece) => piece.element === element);
    return number < 0 ? otherwise : number;
  }

  // The page changed. New lines of a talk come first, then what stands below them; what is gone is no longer read.
  #changed(records) {
    const added = records.flatMap(({ addedNodes }) => [...addedNodes]).filter((node) => node.nodeType === Node.ELEMENT_NODE && node.isConnected);
    const here = this.#pieces[this.#at]?.element;
    this.#pieces = collect(this.main);
    this.#at = this.#placeOf(here, this.#pieces.length);
    const isLost = this.#at === this.#pieces.length;
    const news = added.filter((node) => node.closest("[role=log]") || (isLost && !node.closest(".phone")));
    const first = this.#pieces.findIndex(({ element }) => news.some((node) => node.contains(element)));
    if (isLost && first >= 0) {
      this.#at = first;
      this.#sentence = 0;
      if (!this.#isPaused) {
        this.readFrom(first);
      }
    } else if (isLost && here) {
      this.#hush();
      this.#rest();
    } else if (first >= 0 && first < this.#at) {
      this.#fresh ??= this.#pieces[first].element;
    }
  }

  // ---- what the eye sees ----

  #show() {
    const pause = this.bar.querySelector("[data-reader-pause]");
    pause.querySelector("[data-label]").textContent = this.isSilent ? pause.dataset.on : pause.dataset.off;
    pause.querySelector("[data-icon-on]").hidden = !this.isSilent;
    pause.querySelector("[data-icon-off]").hidden = this.isSilent;
  }

  #mark(piece, from, to) {
    document.querySelector(".is-read")?.classList.remove("is-read");
    if (canMark) {
      CSS.highlights.delete(SENTENCE);
      CSS.highlights.delete(WORD);
    }
    if (!piece) {
      return;
    }
    const range = piece.range(from, to);
    if (canMark && range) {
      CSS.highlights.set(SENTENCE, new Highlight(range));
    } else {
      piece.element.classList.add("is-read");
    }
    this.#bringIntoView(piece.element, range);
  }

  #markWord(range) {
    if (canMark && range) {
      const highlight = new Highlight(range);
      highlight.priority = 1;
      CSS.highlights.set(WORD, highlight);
    }
  }

  #bringIntoView(element, range) {
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    const { top, bottom } = (range ?? element).getBoundingClientRect();
    const floor = this.bar.getBoundingClientRect().top;
    if (element.closest("[role=log]")) {
      element.scrollIntoView({ block: "nearest", behavior });
    } else if (top < 0 || bottom > floor) {
      scrollBy({ top: top - innerHeight / 4, behavior });
    }
  }
}

export function start(button, voice) {
  const bar = document.querySelector("[data-reader]");
  const reader = new Reader(button, bar, voice);
  const pace = bar.querySelector("[data-reader-pace]");
  pace.value = reader.pace;

  button.addEventListener("click", () => (reader.isOn ? reader.stop() : reader.begin()));
  bar.querySelector("[data-reader-pause]").addEventListener("click", () => (reader.isSilent ? reader.resume() : reader.pause()));
  bar.querySelector("[data-reader-stop]").addEventListener("click", () => reader.stop());
  bar.querySelector("[data-reader-back]").addEventListener("click", () => reader.step(-1));
  bar.querySelector("[data-reader-next]").addEventListener("click", () => reader.step(1));
  pace.addEventListener("change", () => {
    reader.setPace(pace.value);
    keepPace(bar.dataset, pace.value);
  });
  reader.main.addEventListener("click", ({ target }) => {
    if (reader.isOn && !target.closest(PRESSED)) {
      reader.readAt(target);
    }
  });
  addEventListener("pagehide", () => reader.isOn && reader.stop());
  reader.begin();
}

// The pace belongs to the pupil's settings. Without network it holds for this page only.
function keepPace({ keep, token }, tempo) {
  if (keep) {
    fetch(keep, { method: "POST", body: new URLSearchParams({ csrf_token: token, tempo }), headers: { "Netjes-Send": "1" } }).catch(() => null);
  }
}
