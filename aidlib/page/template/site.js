"use strict";
// The list is complete without this script; the script only hides what a search does not ask for.
const form = document.getElementById("filters");
const rows = Array.from(document.querySelectorAll("#reports tbody tr"));
const tiles = document.querySelectorAll(".tile a");
const fields = ["q", "report", "outcome", "period"].map((id) => document.getElementById(id));

const fold = (text) => text.toLowerCase().normalize("NFD").replace(/[^\p{L}\p{N}]/gu, "");
const words = (text) => text.split(/[\s,，、]+/u).map(fold).filter(Boolean);

function show() {
  const [q, ...exact] = fields;
  const asked = words(q.value);
  const named = (row, word) => row.dataset.q.includes(word) || row.dataset.initials.split(" ").some((letters) => letters.startsWith(word));
  let count = 0;
  for (const row of rows) {
    const fits = asked.every((word) => named(row, word)) && exact.every((field) => !field.value || row.dataset[field.id] === field.value);
    row.hidden = !fits;
    if (fits) count += 1;
  }
  const told = document.getElementById("count");
  told.textContent = told.dataset.text.replace("{shown}", count).replace("{all}", rows.length);
  tiles.forEach((tile) => {
    const on = q.value.trim() === tile.dataset.region;
    tile.parentElement.classList.toggle("on", on);
    if (on) tile.setAttribute("aria-current", "true"); else tile.removeAttribute("aria-current");
  });
}

function remember() {
  const state = new URLSearchParams(fields.filter((field) => field.value).map((field) => [field.id, field.value]));
  try { history.replaceState(null, "", "#" + state); } catch { /* a file address may refuse; the page works all the same */ }
}

function recall() {
  const state = new URLSearchParams(location.hash.slice(1));
  fields.forEach((field) => { field.value = state.get(field.id) ?? ""; });
  show();
}

if (form) {
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => { show(); remember(); });
  form.addEventListener("reset", () => setTimeout(() => { show(); remember(); }));
  tiles.forEach((tile) => tile.addEventListener("click", (event) => {
    event.preventDefault();
    fields[0].value = fields[0].value.trim() === tile.dataset.region ? "" : tile.dataset.region;
    show();
    remember();
  }));
  addEventListener("hashchange", recall);
  recall();
}
