// The calm page without wifi: on as soon as the server answers again.
const FIRST_PAUSE = 4000;
const LONGEST_PAUSE = 60_000;

export function start({ dataset: { to } }) {
  let pause = FIRST_PAUSE;
  let timer = 0;

  async function look() {
    clearTimeout(timer);
    const answer = await fetch("/sw.js", { method: "HEAD", cache: "no-store" }).catch(() => null); // no network yet
    if (answer?.ok) {
      location.assign(to ?? location.href);
    } else {
      timer = setTimeout(look, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  addEventListener("online", look);
  timer = setTimeout(look, pause);
}
