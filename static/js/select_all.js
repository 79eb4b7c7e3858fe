// Lists with boxes: one box for all, how many are chosen, and buttons that wait for a choice.
const boxes = (name) => [...document.querySelectorAll(`input[type=checkbox][name="${name}"]`)];

function show(all) {
  const list = boxes(all.dataset.selectAll);
  const chosen = list.filter((box) => box.checked).length;
  all.checked = chosen > 0 && chosen === list.length;
  all.indeterminate = chosen > 0 && chosen < list.length;
  list.forEach((box) => box.closest("tr")?.classList.toggle("is-chosen", box.checked));
  document.querySelectorAll("[data-selected-count]").forEach((place) => (place.textContent = chosen));
  document.querySelectorAll(".bulk-bar").forEach((bar) => bar.classList.toggle("has-selection", chosen > 0));
  document.querySelectorAll("[data-needs-selection]").forEach((button) => (button.disabled = !chosen));
}

const showAll = () => document.querySelectorAll("[data-select-all]").forEach(show);

document.addEventListener("change", (event) => {
  const name = event.target.dataset?.selectAll;
  if (name) boxes(name).forEach((box) => (box.checked = event.target.checked));
  showAll();
});
document.addEventListener("htmx:afterSettle", showAll);
showAll();
