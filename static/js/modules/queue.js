// The queue on the device (docs/decisions/009). Every step that a pupil sends waits here until the server says that it is kept:
// in order, one at a time, once, also after the tab was closed. What is of another pupil stays where it is and is sent to nobody.
//
//   await enqueue(url, entries)   it is on this device and being sent; gives its id. entries: [[name, value], ...] without csrf_token,
//                                 with a fresh antwoord_id (newId()), so that sending it twice stores it once
//   await flush()                 send what waits now; otherwise it is tried again by itself
//   await waiting()               what is on the device for this pupil, oldest first: {id, url, entries, title, aside?}
//   await forget(id)              drop one that was put aside
//   await tidy()                  let go of what others left here longer ago than a month
//   addEventListener("netjes-queue", ({ detail: { what, entry, go, status } }) => ...)   in every open tab of this pupil:
//     "waits"       entry is on the device
//     "sent"        the server kept entry; go is the page that it leads to
//     "aside"       the server does not take entry (status: 404, 422, ...): the pupil has to do that step again
//     "early"       a step before entry has to be done first; it is tried again after each one that was kept
//     "stopped"     no network; "busy": the server cannot keep anything now; both are tried again
//     "signed-out"  the sitting ended: it is sent when this pupil has signed in again
import { del, entries as everything, get, promisifyRequest, set, update } from "../../vendor/idb-keyval.js";

const FIRST_PAUSE = 5000;
const LONGEST_PAUSE = 60_000;
const PATIENCE = 20_000;
const MONTH = 30 * 24 * 60 * 60_000;
const BUSY = 429;
const TOO_EARLY = 425;
const EVENT = "netjes-queue";

const { who } = document.body.dataset;
const me = ownName();
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(EVENT) : null;
const loose = [];
let pause = FIRST_PAUSE;
let timer = 0;

/** A number of its own for an answer: 32 hex digits, as the server makes them. */
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// This tab, also on its next page: the page that was left may not have had the time to give its turn back.
function ownName() {
  try {
    sessionStorage.tab ??= newId();
    return sessionStorage.tab;
  } catch {
    return newId(); // a browser that keeps nothing
  }
}

// ---- on the device ----

let opened = null;

function database() {
  if (!opened) {
    const request = indexedDB.open("netjes");
    request.onupgradeneeded = () => request.result.createObjectStore("queue");
    opened = promisifyRequest(request);
    opened.then(
      (found) => {
        found.onclose = () => (opened = null);
      },
      () => (opened = null),
    );
  }
  return opened;
}

// Strict: on the disk, not only in the browser's memory, before anybody is told that it is kept.
async function store(mode, use) {
  const found = await database();
  return use(found.transaction("queue", mode, { durability: "strict" }).objectStore("queue"));
}

const change = (how) => update(who, (list) => how(list ?? []), store);

export async function waiting() {
  return who ? [...((await get(who, store).catch(() => null)) ?? []), ...loose] : [];
}

export async function forget(id) {
  const place = loose.findIndex((entry) => entry.id === id);
  if (place >= 0) {
    loose.splice(place, 1);
  } else {
    await change((list) => list.filter((entry) => entry.id !== id));
  }
}

export async function tidy() {
  const all = await everything(store).catch(() => []); // a browser that keeps nothing
  for (const [whose, list] of all.filter(([whose, list]) => whose !== who && Array.isArray(list))) {
    const young = list.filter(({ at }) => Date.now() - at < MONTH);
    if (!young.length) {
      await del(whose, store);
    } else if (young.length < list.length) {
      await set(whose, young, store);
    }
  }
}

async function putAside(id, status) {
  const kept = loose.find((entry) => entry.id === id);
  if (kept) {
    kept.aside = status;
  } else {
    await change((list) => list.map((entry) => (entry.id === id ? { ...entry, aside: status } : entry)));
  }
}

export async function enqueue(url, entries) {
  const { pathname, search } = new URL(url, location);
  const entry = { id: newId(), who, url: pathname + search, entries: [...entries], at: Date.now(), title: document.title.split(" · ")[0] };
  try {
    await change((list) => [...list, entry]);
  } catch {
    // A device without room, or a browser that keeps nothing: it is sent as long as this page is open.
    loose.push(entry);
  }
  tell("waits", { entry });
  flush();
  return entry.id;
}

// ---- one tab at a time ----

// Without Web Locks (an address without https): a turn of some seconds, written down where every tab sees it.
async function takeTurn() {
  const until = Date.now() + PATIENCE + FIRST_PAUSE;
  const isFree = (turn) => !turn || turn.by === me || turn.until < Date.now();
  await update("turn", (turn) => (isFree(turn) ? { by: me, until } : turn), store);
  return (await get("turn", store)).by === me;
}

const endTurn = () => update("turn", (turn) => (turn?.by === me ? null : turn), store);

function alone(work) {
  if (navigator.locks) {
    return navigator.locks.request(EVENT, work);
  }
  return inTurn(work).catch(work); // a browser that keeps nothing has nothing to share with other tabs
}

async function inTurn(work) {
  if (await takeTurn()) {
    await work();
    await endTurn();
  } else {
    tryAgain();
  }
}

// ---- sending ----

export async function flush() {
  clearTimeout(timer);
  if (who) {
    await alone(sendAll);
  }
}

async function sendAll() {
  const early = new Set();
  for (;;) {
    const entry = (await waiting()).find(({ id, aside }) => !aside && !early.has(id));
    if (!entry || !(await sendOne(entry, early))) {
      return;
    }
    if (!navigator.locks) {
      await takeTurn();
    }
  }
}

/** Send one, and do with it what the answer asks for. False: stop for now. */
async function sendOne(entry, early) {
  let answer = await post(entry);
  if (answer?.status === 400) {
    // A page that was kept carries the token of then.
    const whose = await renewToken();
    if (whose !== null && whose !== who) {
      tell("signed-out", { entry });
      return false;
    }
    answer = whose === who ? await post(entry) : null;
  }
  const status = answer?.status;
  const ours = answer?.headers.get("Netjes-Who") === who;
  const go = answer?.headers.get("Netjes-Go");
  if (!ours && go) {
    tell("signed-out", { entry });
    return false;
  }
  if (!ours || status >= 500 || status === BUSY) {
    // Not the server, or not now. A page in between (a wifi that wants a sign-in, a filter) is no answer of ours.
    tell(status >= 500 || status === BUSY ? "busy" : "stopped", { entry });
    tryAgain();
    return false;
  }
  pause = FIRST_PAUSE;
  if (status === TOO_EARLY) {
    early.add(entry.id);
    tell("early", { entry });
  } else if (status >= 400) {
    await putAside(entry.id, status);
    tell("aside", { entry, status });
  } else {
    await forget(entry.id);
    early.clear();
    tell("sent", { entry, go });
  }
  return true;
}

function post({ url, entries }) {
  const body = new URLSearchParams(entries);
  body.set("csrf_token", document.querySelector("[name=csrf_token]")?.value ?? "");
  const asked = { method: "POST", body, headers: { "Netjes-Send": "1" }, signal: AbortSignal.timeout(PATIENCE) };
  return fetch(url, asked).catch(() => null); // no network: there is no answer
}

/** Give this page a token of now when its pupil is still signed in. Gives who is: "" for nobody, null when that cannot be asked. */
async function renewToken() {
  const answer = await fetch("/lessen", { signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
  const whose = answer?.ok ? (answer.headers.get("Netjes-Who") ?? "") : null;
  if (whose !== who) {
    return whose;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("[name=csrf_token]").value;
  for (const field of document.querySelectorAll("[name=csrf_token]")) {
    field.value = token;
  }
  return who;
}

function tryAgain() {
  clearTimeout(timer);
  timer = setTimeout(flush, pause);
  pause = Math.min(pause * 2, LONGEST_PAUSE);
}

// ---- telling ----

function tell(what, more = {}) {
  const detail = { what, who, ...more };
  dispatchEvent(new CustomEvent(EVENT, { detail }));
  channel?.postMessage(detail);
}

channel?.addEventListener("message", ({ data }) => {
  if (data.who === who) {
    dispatchEvent(new CustomEvent(EVENT, { detail: data }));
  }
});

addEventListener("online", () => {
  pause = FIRST_PAUSE;
  flush();
});
