// A form is sent once: the second tap of a double tap, and impatience, do nothing.
const UNLOCK_AFTER = 10_000; // A download leaves the page standing.

function lock(form, button) {
  form.dataset.busy = "yes";
  const label = button?.dataset.busyText;
  if (button) {
    button.setAttribute("aria-busy", "true");
    if (label) {
      button.dataset.idleText = button.textContent;
      button.textContent = label;
    }
  }
  setTimeout(() => unlock(form), UNLOCK_AFTER);
}

function unlock(form) {
  delete form.dataset.busy;
  form.querySelectorAll("[aria-busy]").forEach((button) => {
    button.removeAttribute("aria-busy");
    if (button.dataset.idleText) button.textContent = button.dataset.idleText;
  });
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.busy) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    lock(form, event.submitter);
  },
  true,
);
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) unlock(form);
});
// Back to a page that the browser kept: it must be usable again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-busy]").forEach(unlock);
});
