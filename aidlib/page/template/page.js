"use strict";
// Without this script everything is still there; it only opens what a link points into, and all code at once.
function openTarget() {
  const id = decodeURIComponent(location.hash.slice(1));
  const target = id && document.getElementById(id);
  if (!target) return;
  for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", openTarget);
openTarget();

const button = document.getElementById("all-code");
const folds = document.querySelectorAll("details.code");
if (button && folds.length) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const show = button.getAttribute("aria-pressed") !== "true";
    folds.forEach((fold) => { fold.open = show; });
    button.setAttribute("aria-pressed", String(show));
    button.textContent = show ? button.dataset.hide : button.dataset.show;
  });
}
