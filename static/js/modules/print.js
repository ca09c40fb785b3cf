// A button that prints the page. Where it does nothing without this, it is hidden until now.
export function start(button) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
