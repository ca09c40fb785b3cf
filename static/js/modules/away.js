// The calm page without wifi: on as soon as the network is back.
export function start({ dataset: { to } }) {
  addEventListener("online", () => (to ? location.assign(to) : location.reload()));
}
