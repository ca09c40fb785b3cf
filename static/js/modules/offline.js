// When the wifi drops, answers wait on this device and are sent once it is back. A form of a pupil goes out without leaving the
// page; only when the server says that it is kept does the page go on. Sending twice is no harm: an answer carries its own number.
const AGAIN_AFTER = 5000;
const BUSY = [429, 502, 503, 504];
const KEPT = "unsent:";

// What is kept belongs to one pupil and one page. Somebody else who signs in here wipes it before anything is shown.
const { who } = document.body.dataset;
const key = `${KEPT}${who}:${location.pathname}`;

function keep(form) {
  if (who) {
    const fields = [...new FormData(form)].filter(([name]) => !form.querySelector(`[type=hidden][name="${name}"]`));
    sessionStorage.setItem(key, JSON.stringify(fields));
  }
}

function giveBack(form) {
  const fields = JSON.parse(sessionStorage.getItem(key) ?? "[]");
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
    if (name.startsWith(KEPT) && !name.startsWith(`${KEPT}${who}:`)) {
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

export function start(line) {
  const text = line.querySelector("[data-offline-text]");
  const away = text.textContent;
  let waiting = null;
  let isSending = false;
  let timer = 0;

  function say(words) {
    text.textContent = words;
    line.hidden = false;
  }

  function arrive(address) {
    // When the sitting had ended, signing in comes first; what was typed is then still here.
    if (address.startsWith("/lessen")) {
      sessionStorage.removeItem(key);
    }
    if (!line.hidden) {
      say(text.dataset.back);
    }
    goTo(address);
  }

  async function send() {
    if (isSending) {
      return;
    }
    clearTimeout(timer);
    isSending = true;
    const { form, button, fields } = waiting;
    const answer = await fetch(form.action, { method: "POST", body: fields, headers: { "Netjes-Send": "1" } }).catch(() => null);
    isSending = false;
    const onward = answer?.headers.get("Netjes-Go");
    if (!answer || BUSY.includes(answer.status)) {
      say(answer ? text.dataset.busy : away);
      timer = setTimeout(send, AGAIN_AFTER);
    } else if (onward) {
      arrive(onward);
    } else {
      // Something to mend first: the page as the server draws it.
      waiting.isPlain = true;
      form.requestSubmit(button);
    }
  }

  function submit(event) {
    const { target: form, submitter: button } = event;
    if (!form.closest("main")) {
      sessionStorage.clear(); // signing out
    } else if (form.method === "post" && !waiting?.isPlain) {
      event.preventDefault();
      const fields = new URLSearchParams(new FormData(form));
      if (button?.name) {
        fields.append(button.name, button.value);
      }
      waiting = { form, button, fields };
      keep(form);
      send();
    }
  }

  wipeOthers();
  const form = document.querySelector("main form[method=post]");
  if (form) {
    giveBack(form);
    form.addEventListener("input", ({ target }) => "draft" in target.dataset && keep(form));
  }
  document.addEventListener("submit", submit);
  addEventListener("pageshow", ({ persisted }) => {
    waiting = persisted ? null : waiting;
  });
  addEventListener("offline", () => say(away));
  addEventListener("online", () => {
    if (waiting) {
      send();
    } else {
      line.hidden = true;
    }
  });
}
