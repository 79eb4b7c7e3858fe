// Where the focus is: on the summary of errors after a failed form, and never lost after a part of the page changed.
const summary = document.querySelector("[data-error-summary]");
if (summary) summary.focus();

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-error-summary] a");
  if (!link) return;
  const field = document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  (field.closest("fieldset, .mb-3") ?? field).scrollIntoView({ block: "start" });
  field.focus({ preventScroll: true });
});

document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.elt;
  const errors = part.querySelector?.("[data-error-summary]");
  if (errors) {
    errors.focus();
  } else if (document.activeElement === document.body || document.activeElement === null) {
    const landing = part.querySelector?.("[data-focus], h1, h2") ?? part;
    if (!landing.hasAttribute("tabindex")) landing.setAttribute("tabindex", "-1");
    landing.focus({ preventScroll: true });
  }
  const news = part.querySelector?.("[data-announce]");
  if (news) document.getElementById("announce").textContent = news.textContent.trim();
});
