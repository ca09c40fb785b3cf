// A screen that shows where a class is (docs/decisions/011): asks once a second whether there is something new, and sends its forms without
// leaving the page. The server draws the part; nothing is kept here, so a page that is opened anew shows the same.
const EVERY = 1000;
const LOST_AFTER = 3;
const OK = 200;
const NOTHING_NEW = 304;
const FIELD = "[data-typed] input:not([type=hidden])";

export function follow(screen, { drawn = () => {}, every = EVERY } = {}) {
  const part = screen.querySelector("[data-part]");
  const lost = screen.querySelector("[data-lost]");
  const says = screen.querySelector("[role=status][data-says]");
  let { mark } = screen.dataset;
  let turn = Promise.resolve();
  let asking = false;
  let missed = 0;

  // One after the other, so that ten quick taps are ten hands.
  const inTurn = (job) => {
    turn = turn.then(job).catch(() => miss());
    return turn;
  };

  const miss = () => {
    missed += 1;
    lost.hidden = missed < LOST_AFTER;
  };

  async function take(response, sent) {
    missed = 0;
    lost.hidden = true;
    if (response.status === NOTHING_NEW) {
      return;
    }
    if (response.redirected || response.status !== OK) {
      // Signed out, or the lesson is gone: the page itself says what to do.
      location.reload();
      return;
    }
    const html = await response.text();
    mark = response.headers.get("ETag") ?? "";
    draw(html, sent);
  }

  function draw(html, sent) {
    const place = () => part.querySelector("[name=plek]")?.value;
    const [picked, where] = [sent ? null : part.querySelector("input[type=radio]:checked")?.value, place()];
    const typed = sent?.matches("[data-typed]") ? "" : part.querySelector(FIELD)?.value;
    const held = hold(part);
    const open = new Map([...part.querySelectorAll("details")].map((one) => [one.querySelector("summary").textContent, one.open]));
    const before = part.querySelector("[data-says]")?.dataset.says;
    part.innerHTML = html;
    for (const one of part.querySelectorAll("details")) {
      one.open = open.get(one.querySelector("summary").textContent) ?? one.open;
    }
    const field = part.querySelector(FIELD);
    if (field && typed) {
      field.value = typed;
    }
    // What was picked and not sent yet stays picked, as long as the same is asked.
    if (picked && where === place() && !part.querySelector("input[type=radio]:checked")) {
      const same = [...part.querySelectorAll("input[type=radio]")].find((one) => one.value === picked);
      if (same) {
        same.checked = true;
      }
    }
    held?.();
    const now = part.querySelector("[data-says]")?.dataset.says ?? "";
    if (now !== before) {
      says.textContent = now;
    }
    drawn(part);
  }

  function look() {
    if (document.hidden || asking) {
      return;
    }
    asking = true;
    inTurn(async () => {
      await take(await fetch(screen.dataset.stand, { headers: mark ? { "If-None-Match": mark } : {}, cache: "no-store" }));
    }).finally(() => {
      asking = false;
    });
  }

  const bodyOf = (form, submitter) => new URLSearchParams(new FormData(form, submitter));

  async function sendNow(form, body) {
    try {
      await take(await fetch(form.action, { method: "POST", body, headers: { "Netjes-Send": "1" } }), form);
    } catch {
      // This tap was not kept: say so at once.
      missed = LOST_AFTER;
      lost.hidden = false;
    }
  }

  // What was tapped is sent as it stood there when it was tapped.
  function send(form, submitter) {
    const body = bodyOf(form, submitter);
    return inTurn(() => sendNow(form, body));
  }

  // A key waits for its turn and only then looks which button there is: two presses of a clicker are two steps.
  async function pressNow(selector) {
    const button = part.querySelector(selector);
    if (button && !button.disabled) {
      await sendNow(button.form, bodyOf(button.form, button));
    }
  }

  screen.addEventListener("submit", (event) => {
    if (event.target.matches("[data-send]")) {
      event.preventDefault();
      send(event.target, event.submitter);
    }
  });
  document.addEventListener("visibilitychange", look);
  setInterval(look, every);
  drawn(part);
  return { press: (selector) => inTurn(() => pressNow(selector)) };
}

// Where the keyboard was: the same button, or the field with the cursor in it, in what is drawn anew.
function hold(part) {
  const { activeElement: at } = document;
  if (!part.contains(at)) {
    return null;
  }
  if (at.id) {
    const { id, selectionStart: start, selectionEnd: end } = at;
    return () => {
      const again = document.getElementById(id);
      again?.focus();
      if (start !== undefined && start !== null) {
        again?.setSelectionRange?.(start, end);
      }
    };
  }
  const { name, value } = at;
  if (!name) {
    return null;
  }
  return () => {
    const same = [...part.querySelectorAll("button")].filter((one) => one.name === name);
    (same.find((one) => one.value === value) ?? same[0])?.focus();
  };
}
