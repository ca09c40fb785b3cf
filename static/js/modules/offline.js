// Sends the steps of a pupil without leaving the page, through the queue on the device (queue.js), and tells in one calm line below the
// page how that goes. With the answer of the server the page goes on; without wifi it goes on to the next step when that is kept.
import { enqueue, flush, forget, newId, tidy, waiting } from "./queue.js";

const DRAFT = "unsent:";
const SENT = "sent:";
const BEFORE_LEAVING = 3000;

// What is typed and not sent belongs to one pupil, one page and this tab.
const { who, onward, onwardBy = "" } = document.body.dataset;
const key = `${DRAFT}${who}:${location.pathname}`;

function keepDraft(form) {
  if (who) {
    const fields = [...new FormData(form)].filter(([name]) => !form.querySelector(`[type=hidden][name="${name}"]`));
    sessionStorage.setItem(key, JSON.stringify(fields));
  }
}

function fill(form, fields) {
  for (const [name, value] of fields) {
    for (const field of form.elements) {
      if (field.name === name && field.type === "textarea") {
        field.value = value;
        field.dispatchEvent(new Event("input"));
      } else if (field.name === name && field.value === value && field.type !== "hidden") {
        field.checked = true;
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
  }
}

function wipeOthers() {
  for (const name of Object.keys(sessionStorage)) {
    const [kind, whose] = name.split(":");
    if ([DRAFT, SENT].includes(`${kind}:`) && whose !== who) {
      sessionStorage.removeItem(name);
    }
  }
}

function goTo(address) {
  const { pathname, search } = new URL(address, location);
  if (pathname + search === location.pathname + location.search) {
    // The same page with something new on it, at its own place.
    history.scrollRestoration = "manual";
    history.replaceState(null, "", address);
    location.reload();
  } else {
    location.assign(address);
  }
}

// Who signs out in one tab is gone from the others too.
const leaving = "BroadcastChannel" in globalThis ? new BroadcastChannel("netjes-leaving") : null;

function hide() {
  document.body.replaceChildren();
  setTimeout(() => location.replace("/"), BEFORE_LEAVING);
}

/** The first thing that an answer still needs: {field, what, left}, or nothing. data-optional: may be left open. */
function missing(form) {
  const asked = [...form.elements].filter((field) => field.name && !field.disabled && !field.closest("[data-optional]"));
  const text = asked.find((field) => field.type === "textarea" && !field.value.trim());
  const groups = new Map();
  for (const field of asked.filter(({ type }) => type === "radio" || type === "checkbox")) {
    groups.set(field.name, [...(groups.get(field.name) ?? []), field]);
  }
  const open = [...groups.values()].filter((group) => !group.some(({ checked }) => checked));
  if (open.length) {
    return { field: open[0][0], what: groups.size > 1 ? "chooseAll" : "choose", left: open.length };
  }
  return text && { field: text, what: "write", left: 1 };
}

const isKept = async (page) => Boolean(page && navigator.serviceWorker?.controller && (await caches.match(page, { ignoreVary: true })));

export function start(line) {
  const text = line.querySelector("[data-offline-text]");
  const list = line.querySelector("[data-offline-list]");
  const more = line.querySelector("[data-offline-more]");
  const words = line.dataset;
  const explanations = more.firstElementChild.textContent;
  let mode = "";
  let mine = null; // what this page sent and has no answer to
  let reached = null; // where an answer that was sent for this page leads
  let isLeaving = false;
  const before = new Set(); // what waited already when this page opened
  const told = sessionStorage.getItem(SENT + who);
  let explained = JSON.parse(told ?? "[]");

  // ---- the line ----

  function item(content) {
    const row = document.createElement("li");
    row.append(...content);
    return row;
  }

  function link(words, address) {
    const found = document.createElement("a");
    found.href = address;
    found.textContent = words;
    return found;
  }

  function understood(entry) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn--quiet btn--s";
    button.textContent = words.understood;
    button.addEventListener("click", () => forget(entry.id).then(show));
    return button;
  }

  /** One sentence, with rows below it; folded away behind a few words when there are many. */
  function say(sentence, rows = [], fold = "") {
    if (text.textContent !== sentence) {
      text.textContent = sentence;
    }
    const isFolded = Boolean(fold) && rows.length > 1;
    list.replaceChildren(...(isFolded ? [] : rows));
    list.hidden = isFolded || !rows.length;
    more.hidden = !isFolded;
    more.firstElementChild.textContent = fold.replace("{n}", rows.length);
    more.lastElementChild.replaceChildren(...(isFolded ? rows : []));
    line.hidden = !sentence;
  }

  async function show() {
    const all = await waiting();
    const aside = all.filter((entry) => entry.aside);
    const left = all.length - aside.length;
    const count = left === 1 ? words.waitsOne : words.waitsMany.replace("{n}", left);
    if (mode === "signedOut") {
      say(words.signedOut, [item([link(words.signIn, "/")])]);
    } else if (mode === "away" || mode === "busy") {
      say(left ? `${words[mode]} ${count}` : words.away);
    } else if (aside.length) {
      say(words.aside, aside.map((entry) => item([link(entry.title, entry.url), understood(entry)])));
    } else if (mode === "early" && left) {
      say(words.early);
    } else if (mode === "back") {
      const rows = explained.map(({ title, go }) => item([link(words.explained.replace("{title}", title), go)]));
      say(words.back, rows, explanations);
    } else {
      say("");
    }
  }

  function turn(to) {
    mode = to;
    return show();
  }

  // ---- what came of it ----

  function arrive(address) {
    if (isLeaving) {
      return;
    }
    sessionStorage.removeItem(key);
    const others = explained.filter(({ go }) => new URL(go, location).pathname !== new URL(address, location).pathname);
    if (mode === "back") {
      sessionStorage.setItem(SENT + who, JSON.stringify(others));
    }
    goTo(address);
  }

  async function sent({ entry, go }) {
    const isMine = entry.id === mine?.id;
    const wasBefore = before.has(entry.id);
    const late = mode !== "" || wasBefore;
    if (late && go?.endsWith("/uitleg")) {
      explained = [...explained.filter((other) => other.go !== go), { title: entry.title, go }];
    }
    if (isMine || (wasBefore && (reached || entry.url.split("?")[0] === location.pathname))) {
      reached = go; // this page shows how it was before that answer
    }
    const left = (await waiting()).filter(({ aside }) => !aside);
    if (late && !left.length) {
      await turn("back");
    }
    if (reached && (isMine || !left.length)) {
      arrive(reached);
    }
  }

  async function refused({ entry, status }) {
    if (entry.id === mine?.id && status === 422) {
      // Something to mend first: the page as the server draws it.
      await forget(entry.id);
      sendPlainly(mine);
    } else {
      await show();
    }
  }

  function sendPlainly({ form, button }) {
    mine = { isPlain: true };
    form.requestSubmit(button);
  }

  async function goOn({ what }) {
    await turn(what === "busy" ? "busy" : "away");
    const hasDone = what === "stopped" && mine?.id && (mine.button?.name ?? "") === onwardBy;
    if (hasDone && (await isKept(onward))) {
      location.assign(onward);
    }
  }

  const outcomes = { sent, aside: refused, stopped: goOn, busy: goOn, "signed-out": () => turn("signedOut"), early: () => turn("early"), waits: () => mode && show() };
  addEventListener("netjes-queue", ({ detail }) => outcomes[detail.what](detail));

  // ---- what the pupil does ----

  async function send(form, button) {
    if (mine && mine.form === form) {
      await forget(mine.id); // the same answer once more, or changed while it waits
    }
    const answerId = mine?.answerId ?? newId();
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrf_token" && name !== "antwoord_id");
    if (form.elements.antwoord_id) {
      fields.push(["antwoord_id", answerId]);
    }
    if (button?.name) {
      fields.push([button.name, button.value]);
    }
    mine = { form, button, answerId };
    mine.id = await enqueue(form.action, fields);
    sessionStorage.removeItem(key);
  }

  /** Not complete: nothing to keep. The server says so on its own page; without the network this page says it. */
  async function sendIncomplete(form, button, { field, what, left }) {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: "POST", body, headers: { "Netjes-Send": "1" } }).catch(() => null);
    const go = answer?.headers.get("Netjes-Go");
    if (answer?.headers.get("Netjes-Who") === who && go) {
      arrive(go);
    } else if (answer) {
      sendPlainly({ form, button });
    } else {
      say(words[what].replace("{n}", left));
      field.focus();
    }
  }

  async function leave(form) {
    isLeaving = true;
    sessionStorage.clear();
    leaving?.postMessage(who);
    if ((await waiting()).length) {
      await Promise.race([flush(), new Promise((done) => setTimeout(done, BEFORE_LEAVING))]);
    }
    form.submit();
  }

  function submit(event) {
    const { target: form, submitter: button } = event;
    if (event.defaultPrevented || form.method !== "post") {
      return;
    }
    if (!form.closest("main")) {
      event.preventDefault();
      leave(form);
    } else if (new URL(form.action).pathname.startsWith("/lessen/") && !mine?.isPlain) {
      event.preventDefault();
      const lacks = button?.name ? null : missing(form);
      if (lacks) {
        sendIncomplete(form, button, lacks);
      } else {
        send(form, button);
      }
    }
  }

  async function begin() {
    const form = document.querySelector("main form[method=post]");
    const left = await waiting();
    left.forEach(({ id }) => before.add(id));
    if (form) {
      const last = left.findLast(({ url, aside }) => url === location.pathname && !aside);
      fill(form, last?.entries ?? JSON.parse(sessionStorage.getItem(key) ?? "[]"));
      form.addEventListener("input", ({ target }) => "draft" in target.dataset && keepDraft(form));
    }
    if (told) {
      sessionStorage.removeItem(SENT + who);
      await turn("back");
    } else {
      await turn(navigator.onLine ? "" : "away");
    }
    await flush();
    await tidy();
  }

  wipeOthers();
  leaving?.addEventListener("message", ({ data }) => data === who && hide());
  document.addEventListener("submit", submit);
  addEventListener("pageshow", ({ persisted }) => {
    mine = persisted ? null : mine;
  });
  addEventListener("offline", () => turn("away"));
  addEventListener("online", () => mode === "away" && turn(""));
  if (who) {
    begin();
  }
}
