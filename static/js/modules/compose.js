// Shows the reply as it grows. Without this it is shown after the check.
export function start(box) {
  const out = box.querySelector("[data-reply]");
  const words = out.querySelector(".bubble");

  function show() {
    const chosen = [...box.querySelectorAll("[data-slot] :checked")];
    words.textContent = chosen.map((pick) => pick.closest("label").textContent.trim()).join(" ");
    out.hidden = chosen.length === 0;
  }

  box.addEventListener("change", show);
  show();
}
