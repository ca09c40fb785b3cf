// Lets the talk scroll inside the phone and shows what is new in it.
export function start(log) {
  log.dataset.live = "";
  log.tabIndex = 0;
  const fresh = log.querySelector("#nu");
  if (fresh) {
    log.scrollTop = fresh.getBoundingClientRect().top - log.getBoundingClientRect().top;
  } else {
    log.scrollTop = log.scrollHeight;
  }
  if (location.hash === "#nu") {
    log.closest(".phone").scrollIntoView({ block: "start" });
  }
}
