// Characters left under a long field: textarea[data-counter][maxlength]. Counts as the server does, by code points.
const LAST = 50;

function show(field) {
  let line = field.nextElementSibling;
  if (!line?.matches(".counter")) {
    line = document.createElement("span");
    line.className = "counter num";
    line.setAttribute("aria-hidden", "true");
    field.after(line);
  }
  const used = [...field.value].length;
  line.textContent = `${used}/${field.maxLength}`;
  line.classList.toggle("is-over", field.maxLength - used < LAST);
}

document.addEventListener("input", (event) => event.target.matches("[data-counter]") && show(event.target));
document.addEventListener("htmx:load", (event) => event.detail.elt.querySelectorAll("[data-counter]").forEach(show));
document.querySelectorAll("[data-counter]").forEach(show);
