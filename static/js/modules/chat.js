// The chat. Without JavaScript every choice is a form and a page. With it the talk scrolls inside the phone and plays on by itself: the
// page holds every node as it is at this school (in templates) and how one leads to another (data-chat, as quizzes/play.py walks it).
// What the pupil does goes into the queue on the device, in order, with the fields of the form; the server stays the one that knows.
import { enqueue, newId, waiting } from "./queue.js";

const SHORTEST_PAUSE = 400;
const LONGEST_PAUSE = 900;
const PER_SIGN = 12;
const PATIENCE = 2500;
const NEARLY = 24;
const BESIDE = "(min-width: 46rem)";
const CALM = "(prefers-reduced-motion: reduce)";
const NEWEST = "#nu";
const KEPT = "chat:";

const { who } = document.body.dataset;
const wait = (time) => new Promise((done) => setTimeout(done, time));

export function start(log) {
  log.dataset.live = "";
  log.tabIndex = 0;
  const fresh = log.querySelector(NEWEST);
  log.scrollTop = fresh ? fresh.getBoundingClientRect().top - log.getBoundingClientRect().top : log.scrollHeight;
  if (location.hash === NEWEST) {
    log.closest(".phone").scrollIntoView({ block: "start" });
  }
  showMore(log);
  addEventListener("beforeprint", () => log.closest("details")?.setAttribute("open", ""));
  const scene = log.closest("[data-chat]");
  if (scene) {
    new Talk(scene, log).begin();
  }
}

/** A long part begins at the top of the phone: below stands a button as long as there is more to read than fits. For the eye only. */
function showMore(log) {
  const more = log.parentElement.querySelector("[data-more]");
  const look = () => {
    more.hidden = log.scrollHeight - log.scrollTop - log.clientHeight < NEARLY;
  };
  more.addEventListener("click", () => log.scrollBy({ top: log.clientHeight * 0.8, behavior: matchMedia(CALM).matches ? "auto" : "smooth" }));
  log.addEventListener("scroll", look, { passive: true });
  new ResizeObserver(look).observe(log.querySelector("ol.chat"));
}

/** Where the story stands, and nothing else: the same walk as in quizzes/play.py. */
class Walk {
  constructor(graph) {
    this.graph = graph;
    this.flags = new Set(graph.flags);
    this.path = [];
    this.place = null;
    this.chat = null;
  }

  /** Go to a node and through all that needs no choice. Gives what is shown on the way: {key, chat, cause}. */
  enter(key) {
    const shown = [];
    let cause = null;
    for (;;) {
      this.place = key;
      const node = this.graph.nodes[key];
      if (node?.routes) {
        const route = node.routes.find(({ if: when = {} }) => this.holds(when));
        cause = this.causeOf(route.returns, route.if) ?? cause;
        key = route.to;
        continue;
      }
      if (node) {
        this.chat = node.chat ?? this.chat;
        shown.push({ key, chat: this.chat, cause: this.causeOf(node.returns) ?? cause });
        cause = null;
      }
      if (!node?.to) {
        return shown;
      }
      this.set(node.set);
      key = node.to;
    }
  }

  choose(id) {
    const choice = this.graph.nodes[this.place].choices[id];
    this.path.push({ node: this.place, id, set: choice.set ?? {} });
    this.set(choice.set);
    return choice;
  }

  holds(when) {
    return Object.entries(when).every(([flag, value]) => this.flags.has(flag) === value);
  }

  set(changes = {}) {
    for (const [flag, on] of Object.entries(changes)) {
      this.flags[on ? "add" : "delete"](flag);
    }
  }

  /** The latest choice that comes back here; on a route the one that made its condition true. */
  causeOf(returns = [], when = null) {
    const madeItSo = ({ set }) => !when || Object.entries(when).some(([flag, value]) => set[flag] === value);
    return this.path.findLast((one) => returns.includes(one.node) && madeItSo(one)) ?? null;
  }
}

class Talk {
  constructor(scene, log) {
    this.scene = scene;
    this.log = log;
    this.list = log.querySelector("ol.chat");
    this.bar = scene.querySelector("[data-bar]");
    this.form = scene.querySelector("form");
    this.ask = scene.querySelector("[data-ask]");
    this.graph = JSON.parse(scene.dataset.chat);
    this.made = JSON.parse(scene.dataset.made);
    this.number = Number(scene.dataset.number);
    this.here = scene.dataset.here;
    this.isKept = "kept" in scene.dataset;
    this.isOver = false;
    this.key = `${KEPT}${who}:${location.pathname}`;
  }

  async begin() {
    this.form.addEventListener("submit", (event) => this.submitted(event));
    this.form.querySelector("[data-end]").addEventListener("click", () => this.end());
    this.log.addEventListener("click", () => (this.isHurried = true));
    addEventListener("netjes-queue", ({ detail }) => this.heard(detail));
    this.replay(document.createElement("ol"));
    if (this.isKept && (await this.isFurther())) {
      this.redraw();
      if (this.isOver) {
        this.showEnding(); // the server had the page of the end already: this one was kept on the device
      }
    }
  }

  // ---- what the pupil does ----

  submitted(event) {
    const { name, value } = event.submitter ?? {};
    if (name === "klaar") {
      return; // on to the next screen, as every form goes
    }
    event.preventDefault();
    event.stopPropagation();
    if (name) {
      this.goBack(name, value);
    } else {
      this.choose(this.form.querySelector("[name=keuze]:checked")?.value);
    }
  }

  async choose(id) {
    this.ask.querySelector("[data-missing]").hidden = Boolean(id);
    if (!id) {
      this.ask.querySelector("[name=keuze]").focus();
      return;
    }
    const knot = this.walk.place;
    this.form.inert = true;
    this.isHurried = matchMedia(CALM).matches;
    if (!matchMedia(BESIDE).matches) {
      this.log.closest(".phone").scrollIntoView({ block: "start" });
    }
    const lines = this.chosen(id);
    this.first = lines[0];
    this.made.push([knot, id]);
    this.send([["knoop", knot], ["keuze", id]]);
    await this.say([...lines, ...this.entered()]);
    this.form.inert = false;
    this.question();
  }

  goBack(name, value) {
    if (name === "opnieuw") {
      this.made = [];
    } else {
      const place = name === "terug" ? this.made.length - 1 : this.made.findLastIndex(([node]) => node === value);
      this.made.splice(Math.max(place, 0));
    }
    this.send([[name, value]]);
    this.redraw();
    this.focus();
  }

  send(fields) {
    if (this.isKept) {
      enqueue(this.form.action, [["antwoord_id", newId()], ["nummer", String(this.number)], ...fields]);
    }
    this.number += 1;
    sessionStorage.setItem(this.key, JSON.stringify({ number: this.number, made: this.made }));
  }

  // ---- what is known elsewhere ----

  /** Whether this device knows more than the page: it was kept from earlier, or what was done is still on its way. */
  async isFurther() {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith(KEPT) && !name.startsWith(`${KEPT}${who}:`)) {
        sessionStorage.removeItem(name);
      }
    }
    const known = JSON.parse(sessionStorage.getItem(this.key) ?? "null");
    if (known?.number > this.number) {
      ({ number: this.number, made: this.made } = known);
      return true;
    }
    const before = this.number;
    for (const entry of await this.unsent()) {
      const fields = Object.fromEntries(entry.entries);
      if (Number(fields.nummer) === this.number) {
        this.number += 1;
        this.apply(fields);
      }
    }
    return this.number > before;
  }

  apply({ knoop, keuze, terug, terug_naar: to, opnieuw }) {
    if (opnieuw) {
      this.made = [];
    } else if (terug || to) {
      const place = to ? this.made.findLastIndex(([node]) => node === to) : this.made.length - 1;
      this.made.splice(Math.max(place, 0));
    } else {
      this.made.push([knoop, keuze]);
    }
  }

  async unsent() {
    const address = new URL(this.form.action).pathname;
    return (await waiting()).filter((entry) => entry.url === address && !entry.aside);
  }

  /** The server had another state than this page (a second tab, another device): show what it has. */
  heard({ what, entry, go }) {
    if (what === "sent" && entry.url === new URL(this.form.action).pathname && go && !go.endsWith(NEWEST) && !hasEnded(entry)) {
      sessionStorage.removeItem(this.key);
      this.load();
    }
  }

  load() {
    history.scrollRestoration = "manual";
    history.replaceState(null, "", this.isKept ? `${this.here}${NEWEST}` : this.way());
    location.reload();
  }

  /** For somebody who only looks along, the choices travel in the address. */
  way() {
    return `${this.here}?weg=${this.made.map((pair) => pair.join(":")).join(",")}${NEWEST}`;
  }

  // ---- drawing ----

  copies(selector) {
    return [...this.scene.querySelector(selector).content.cloneNode(true).children];
  }

  part(name) {
    return this.copies(`template[data-part="${name}"]`)[0].firstElementChild;
  }

  /** The lines of the own choice: what was done, what went out, and what it means. */
  chosen(id) {
    const parts = this.copies(`template[data-node="${this.walk.place}"]`);
    const lines = [...parts.find((one) => one.dataset.choice === id).children];
    const chat = this.walk.choose(id).chat ?? this.walk.chat;
    this.next = this.graph.nodes[this.walk.place].choices[id].to;
    const did = lines[0].matches(".chat__did") ? [lines.shift()] : [];
    return [...did, ...this.moved(chat), ...lines.map((line) => this.placed(line, chat))];
  }

  /** The lines of everything that follows, up to the next choice. */
  entered() {
    return this.walk.enter(this.next).flatMap(({ key, chat, cause }) => {
      const lines = [...this.copies(`template[data-node="${key}"]`)[0].children];
      return [...this.dawned(lines), ...this.moved(chat), ...this.returned(cause), ...lines.map((line) => this.placed(line, chat))];
    });
  }

  /** The line of the day, taken from the lines; nothing when it is that day already. */
  dawned(lines) {
    const day = lines[0]?.matches(".chat__day") ? lines.shift() : null;
    if (!day || day.textContent === this.day) {
      return [];
    }
    this.day = day.textContent;
    return [day];
  }

  placed(line, chat) {
    if (chat) {
      line.dataset.in = chat;
      if (line.matches(".msg") && this.kind(chat) === "talk") {
        line.classList.add("msg--live");
        line.querySelector(".ticks")?.remove();
      }
    }
    return line;
  }

  kind(chat) {
    return this.scene.querySelector(`template[data-talk="${chat}"]`).dataset.kind;
  }

  /** The line at which the talk moves to another place. */
  moved(chat) {
    if (!chat || chat === this.where) {
      return [];
    }
    this.where = chat;
    const [, lines] = this.copies(`template[data-talk="${chat}"]`);
    lines.firstElementChild.dataset.to = chat;
    return [lines.firstElementChild];
  }

  returned(cause) {
    if (!cause) {
      return [];
    }
    const line = this.part("back");
    const parts = this.copies(`template[data-node="${cause.node}"]`);
    line.querySelector("b").textContent = parts.find((one) => one.dataset.choice === cause.id).dataset.text;
    return [line];
  }

  /** Put a line below the others, and do what follows from it: the bar of the phone, and ticks of messages that are read by now. */
  put(line) {
    this.list.append(line);
    const { to, in: chat } = line.dataset;
    if (to) {
      this.bar.replaceChildren(...this.copies(`template[data-talk="${to}"]`)[0].children);
      this.log.closest(".phone").ariaLabel = this.scene.querySelector(`template[data-talk="${to}"]`).dataset.label;
    }
    const isAnswer = line.matches(".msg:not(.msg--me)");
    for (const tick of this.list.querySelectorAll(".ticks:not(.is-seen)")) {
      const own = tick.closest("li");
      if (own !== line && ("early" in tick.dataset || (isAnswer && own.dataset.in === chat))) {
        tick.classList.add("is-seen");
        tick.querySelector("[data-tick]").textContent = tick.dataset.words;
      }
    }
  }

  /** One line after the other; before somebody's message a short pause in which that person is typing. */
  async say(lines) {
    for (const line of lines) {
      if (!this.isHurried && line.matches(".msg:not(.msg--me)")) {
        await this.pause(line);
      }
      this.put(line);
      this.scroll();
    }
  }

  async pause(line) {
    const time = Math.min(SHORTEST_PAUSE + line.textContent.length * PER_SIGN, LONGEST_PAUSE);
    if (line.matches(".msg--live")) {
      await wait(SHORTEST_PAUSE);
      return;
    }
    const typing = this.part("typing");
    const words = typing.querySelector("[data-typing]");
    words.textContent = words.dataset.typing.replace("{name}", line.querySelector(".msg__from").textContent);
    typing.prepend(line.querySelector(".face").cloneNode(true));
    this.list.append(typing);
    this.scroll();
    await wait(time);
    typing.remove();
  }

  /** To the end, but never so far that what began just now is out of sight. */
  scroll() {
    const first = this.first.offsetTop - this.list.offsetTop;
    this.log.scrollTop = Math.min(first, this.log.scrollHeight - this.log.clientHeight);
  }

  /** The question of this moment, or at the end the way on. */
  question() {
    this.facts();
    const { place } = this.walk;
    this.isOver = !this.graph.nodes[place];
    this.ask.replaceChildren(...(this.isOver ? this.copies('template[data-part="over"]')[0].children : this.asked(place)));
    this.fill("nummer", this.number);
    this.fill("knoop", place);
    const ways = this.form.querySelector("[data-ways]");
    ways.hidden = false;
    ways.querySelector("[name=terug]").hidden = !this.made.length;
    ways.querySelector("[data-leave]")?.remove();
    ways.querySelector("[data-end]").hidden = !this.isOver;
    ways.querySelector("[type=submit].push").hidden = this.isOver;
    this.focus();
  }

  /** The usual question with the choices of this node; at a moment for somebody else its own question. */
  asked(place) {
    const [ask] = this.copies('template[data-part="ask"]');
    const [, ...parts] = this.copies(`template[data-node="${place}"]`);
    const own = parts.find((one) => !one.dataset.choice);
    if (own) {
      ask.firstElementChild.replaceWith(...own.children);
    }
    const options = ask.querySelector("fieldset");
    const first = options.querySelector("label");
    for (const { dataset } of parts.filter((one) => one.dataset.choice)) {
      const option = first.cloneNode(true);
      option.querySelector("input").value = dataset.choice;
      option.querySelector(".option__text").textContent = dataset.text;
      options.append(option);
    }
    first.remove();
    return ask.children;
  }

  fill(name, value) {
    this.form.elements[name].value = value;
  }

  focus() {
    this.ask.querySelector("#vraag").focus({ preventScroll: !matchMedia(BESIDE).matches });
  }

  facts() {
    const facts = [...this.form.querySelectorAll("[data-fact]")];
    for (const fact of facts) {
      fact.hidden = !this.walk.flags.has(fact.dataset.fact);
    }
    this.form.querySelector("[data-facts]").hidden = facts.every((fact) => fact.hidden);
  }

  /** Walk all choices anew into a list: the one on the page, or one that nobody sees to know where the story stands. */
  replay(list) {
    const shown = this.list;
    this.list = list;
    this.walk = new Walk(this.graph);
    this.where = null;
    this.day = null;
    this.first = null;
    this.next = this.graph.start;
    const put = (lines) => lines.forEach((line) => this.put(line));
    put(this.entered());
    for (const [, id] of this.made) {
      put(this.chosen(id));
      const lines = this.entered();
      this.first = lines[0];
      put(lines);
    }
    this.list = shown;
  }

  /** The whole talk anew, in silence: it is not news. */
  redraw() {
    this.log.setAttribute("aria-live", "off");
    this.list.replaceChildren();
    this.replay(this.list);
    this.first ??= this.list.lastElementChild;
    this.scroll();
    this.question();
    setTimeout(() => this.log.removeAttribute("aria-live"));
  }

  // ---- the end ----

  /** The server shows the end with the path that was taken; without wifi the page itself tells how it came out. */
  async end() {
    if (!this.isKept || (await this.isSent())) {
      this.load();
    } else {
      this.showEnding();
    }
  }

  async isSent() {
    const until = Date.now() + (navigator.onLine ? PATIENCE : 0);
    while ((await this.unsent()).length) {
      if (Date.now() >= until) {
        return false;
      }
      await wait(100);
    }
    return navigator.onLine;
  }

  showEnding() {
    const [ending] = this.copies(`template[data-ending="${this.walk.place}"]`);
    for (const line of ending.querySelectorAll("[data-if]")) {
      line.hidden = !this.walk.holds(JSON.parse(line.dataset.if));
    }
    this.ask.replaceChildren(...ending.children);
    this.form.querySelector("[data-ways]").hidden = true;
    this.focus();
  }
}

const hasEnded = (entry) => entry.entries.some(([name]) => name === "klaar");
