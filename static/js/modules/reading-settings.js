// Shows at once what a pupil chooses on the page of reading settings. It is kept only by sending the form.
const ATTRIBUTES = { tekst: "text", ruimte: "space", letter: "face", kleuren: "theme" };
const USUAL = ["gewoon", "apparaat"];

export function start(form) {
  form.addEventListener("change", ({ target }) => {
    const name = ATTRIBUTES[target.name];
    if (!name) {
      return;
    }
    if (USUAL.includes(target.value)) {
      delete document.documentElement.dataset[name];
    } else {
      document.documentElement.dataset[name] = target.value;
    }
  });
}
