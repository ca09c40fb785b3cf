// Starts one small module for each data-module on the page. Every page works without this.
const modules = {
};

for (const element of document.querySelectorAll("[data-module]")) {
  const load = modules[element.dataset.module];
  if (load) {
    load().then((module) => module.start(element));
  }
}
