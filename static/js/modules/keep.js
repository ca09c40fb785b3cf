// Lets the service worker keep the steps of the open unit, once the page has loaded and has nothing better to do.
export async function start() {
  const worker = navigator.serviceWorker;
  if (!worker) {
    return; // an address without https
  }
  const { who, steps } = document.body.dataset;
  const files = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);

  async function tell() {
    const { active } = await worker.ready;
    active.postMessage({ who, steps, here: location.pathname, files });
  }

  worker.addEventListener("controllerchange", tell); // a newer app has let go of the old pages
  if (await worker.register("/sw.js").catch(() => null)) {
    await tell();
  } // else no network just now: the next page tries again
}
