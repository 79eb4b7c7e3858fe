// The log form: private sentences only for those who took part, usual days of the next contact, the light-burden count.
const form = document.querySelector("form[data-log]");

if (form) {
  const notes = form.querySelector("[data-notes]");
  const next = form.querySelector("[data-next-contact]");
  const opened = Date.now();
  let taps = 0;

  function showNotes() {
    const chosen = new Set([...form.querySelectorAll("input[name=workers]:checked")].map((box) => box.value));
    notes.hidden = !chosen.size;
    notes.querySelectorAll("[data-of]").forEach((line) => (line.hidden = !chosen.has(line.dataset.of)));
  }

  function inDays(days) {
    const day = new Date();
    day.setDate(day.getDate() + days);
    const two = (number) => String(number).padStart(2, "0");
    return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
  }

  next.querySelector("[data-next-days]").hidden = false;
  next.addEventListener("click", (event) => {
    const button = event.target.closest("[data-days]");
    if (!button) return;
    const field = next.querySelector("input");
    field.value = inDays(Number(button.dataset.days));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  form.addEventListener("input", (event) => event.target.name === "workers" && showNotes());
  document.addEventListener("pointerup", () => (taps += 1));
  form.addEventListener("submit", () => {
    if (form.elements.taps) form.elements.taps.value = taps;
    if (form.elements.fill_seconds) form.elements.fill_seconds.value = Math.round((Date.now() - opened) / 1000);
  });
  showNotes();
}
