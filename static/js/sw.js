// Keeps the shell and the steps of the open unit for when the wifi fails (docs/decisions/009). The server sets before this file:
// const SHELL = { version, files }. Pages come from the network first. What is kept is of one pupil, and gone as soon as a page is
// for somebody else or for nobody.
const SHELL_CACHE = `shell-${SHELL.version}`;
const KEPT = "kept";
const META = "/kept";
const LEAVING = "leaving";
const CALM = "/zonder-wifi";
const CALM_SIGNED_OUT = "/zonder-wifi/uitgelogd";
const SIGN_OUT = "/uitloggen";
const WHEREVER = ["/", "/verder"];
const PATIENCE = 4000;
const LONGEST_PAUSE = 12_000;
const IDLE = 30 * 60_000; // as a sitting ends
const ABSOLUTE = 8 * 60 * 60_000;
const GONE = [502, 503, 504];
const NAME = /(<bdi data-name>)[^<]*/g;
const HASHED = /^\/static\/.+\.[0-9a-f]{10}\.\w+$/;

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// ---- the shell ----

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));

async function install() {
  const cache = await caches.open(SHELL_CACHE);
  // Without a cookie: pages in the shell are for nobody in particular.
  await cache.addAll(SHELL.files.map((file) => new Request(file, file.startsWith("/static/") ? {} : { credentials: "omit" })));
  await skipWaiting();
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== SHELL_CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  if (!(await fitsShell())) {
    await caches.delete(KEPT);
  }
  await clients.claim();
}

/** Whether the kept pages ask for the stylesheet and the script of this shell; those of an older app no longer look right. */
async function fitsShell() {
  const known = await meta();
  const page = known && (await caches.match(known.here, { cacheName: KEPT, ignoreVary: true }));
  const html = page ? await page.text() : "";
  return SHELL.files.slice(0, 2).every((file) => html.includes(file));
}

async function fromShell(request) {
  const cache = await caches.open(SHELL_CACHE);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept) {
    return kept;
  }
  const answer = await fetch(request);
  if (answer.ok) {
    await cache.put(request, answer.clone());
  }
  return answer;
}

// ---- the steps of one pupil ----

async function meta() {
  const found = await caches.match(META, { cacheName: KEPT });
  if (!found) {
    return null;
  }
  const known = await found.json();
  if (Date.now() - known.at > IDLE || Date.now() - known.since > ABSOLUTE) {
    await caches.delete(KEPT);
    return null;
  }
  return known;
}

async function note(known) {
  const cache = await caches.open(KEPT);
  await cache.put(META, new Response(JSON.stringify({ ...known, at: Date.now() })));
}

const rootOf = ({ steps }) => steps.slice(0, steps.lastIndexOf("/"));
const isStep = (known, path) => path.startsWith(`${rootOf(known)}/stap/`);

/** The kept page at an address; who comes back without knowing where goes to the step that was open. */
async function keptPage(path) {
  const known = await meta();
  if (!known) {
    return null;
  }
  if (WHEREVER.includes(path) || path === rootOf(known)) {
    return Response.redirect(known.here);
  }
  return caches.match(path, { cacheName: KEPT, ignoreVary: true });
}

/** A page came from the network: refresh its copy, or let go of everything when it is for somebody else. */
async function refresh(path, answer) {
  if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("text/html")) {
    return answer;
  }
  const known = await meta();
  if (known && known.who !== answer.headers.get("Netjes-Who")) {
    await caches.delete(KEPT);
  } else if (known && (path === "/lessen" || isStep(known, path))) {
    await keepPage(path, await answer.clone().text(), answer.headers);
    await stayAt(known, path);
  }
  return answer;
}

/** A copy of a page, without the pupil's name: that never stands in the storage of a browser. */
async function keepPage(path, html, headers) {
  const cache = await caches.open(KEPT);
  await cache.put(path, new Response(html.replace(NAME, "$1jij"), { headers: asPage(headers) }));
}

function asPage(headers) {
  const own = new Headers(headers);
  own.set("Content-Type", "text/html; charset=utf-8");
  own.delete("Content-Encoding");
  own.delete("Content-Length");
  return own;
}

const stayAt = (known, path) => note({ ...known, here: isStep(known, path) ? path : known.here });

let fetching = "";

addEventListener("message", (event) => event.waitUntil(keep(event.data)));

/** Fetch the steps of the unit that this pupil has open, unless they are here. who: the pupil; steps: where they are; here: the
 *  open page; files: what it used. */
async function keep({ who, steps, here, files }) {
  const known = await meta();
  if (known && known.who !== who) {
    await caches.delete(KEPT);
  }
  await keepFiles(files);
  const wanted = `${who} ${steps}`;
  if (!steps || wanted === fetching || (known?.who === who && known.steps === steps)) {
    return;
  }
  fetching = wanted;
  try {
    await sleep(Math.random() * LONGEST_PAUSE); // a class opens a lesson all at once
    const answer = await fetch(steps);
    if (answer.ok && answer.headers.get("Netjes-Who") === who) {
      await keepSteps(answer, { who, steps, here, since: Date.now() });
    }
  } catch {
    // No network: the next page asks again.
  } finally {
    fetching = "";
  }
}

async function keepSteps(answer, known) {
  const { pages } = await answer.json();
  await caches.delete(KEPT);
  await Promise.all(Object.entries(pages).map(([path, html]) => keepPage(path, html, answer.headers)));
  await note(known);
  await keepFiles(new Set(Object.values(pages).flatMap((html) => html.match(/\/static\/[^"' ]+/g) ?? [])));
}

async function keepFiles(files) {
  const cache = await caches.open(SHELL_CACHE);
  for (const file of files) {
    if (HASHED.test(file) && !(await cache.match(file, { ignoreVary: true }))) {
      await cache.add(file).catch(() => null); // one drawing less when the wifi fails
    }
  }
}

// ---- pages ----

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) {
    return;
  }
  if (request.mode === "navigate") {
    event.respondWith(openPage(event, request, pathname));
  } else if (request.method === "GET" && HASHED.test(pathname)) {
    event.respondWith(fromShell(request));
  }
});

async function openPage(event, request, path) {
  if (!(await hasLeft())) {
    return shellPage(CALM_SIGNED_OUT);
  }
  if (request.method === "POST" && path === SIGN_OUT) {
    return signOut(request);
  }
  if (request.method !== "GET") {
    return fetch(request).catch(() => shellPage(CALM));
  }
  const network = fetch(request).then((answer) => refresh(path, answer));
  event.waitUntil(network.catch(() => null)); // also when the copy was quicker
  const kept = await keptPage(path);
  const fresh = await Promise.race([network, ...(kept ? [sleep(PATIENCE)] : [])]).catch(() => null);
  if (fresh && !(kept && GONE.includes(fresh.status))) {
    return fresh;
  }
  if (!kept) {
    return (await shellPage(path)) ?? shellPage(CALM);
  }
  const known = await meta();
  if (!known) {
    return shellPage(CALM); // a page for somebody else came in meanwhile
  }
  await stayAt(known, path);
  return kept;
}

const shellPage = (path) => caches.match(path, { cacheName: SHELL_CACHE, ignoreVary: true });

// ---- signing out ----

async function signOut(request) {
  await caches.delete(KEPT);
  const form = await request.clone().formData();
  const answer = await fetch(request).catch(() => null);
  if (answer && answer.status < 500) {
    return answer;
  }
  // The server does not know yet: whatever is opened next, it is told first.
  const cache = await caches.open(LEAVING);
  await cache.put(SIGN_OUT, new Response(form.get("csrf_token")));
  return shellPage(CALM_SIGNED_OUT);
}

/** Whether no signing out waits for the network; one that waits is done now. */
async function hasLeft() {
  const waiting = await caches.match(SIGN_OUT, { cacheName: LEAVING });
  if (!waiting) {
    return true;
  }
  const body = new URLSearchParams({ csrf_token: await waiting.text() });
  const answer = await fetch(SIGN_OUT, { method: "POST", body, headers: { "Netjes-Send": "1" } }).catch(() => null);
  if (!answer || answer.status >= 500) {
    return false;
  }
  await caches.delete(LEAVING);
  return true;
}
