// Messages: a cross closes them; good news leaves by itself unless somebody is reading it.
const SECONDS = { success: 10, info: 10 };
const SECONDS_WITH_UNDO = 30;

const box = () => document.getElementById("toasts");

function leaveLater(note) {
  const seconds = note.querySelector("form") ? SECONDS_WITH_UNDO : SECONDS[note.dataset.toast];
  if (!seconds || note.dataset.timed) return;
  note.dataset.timed = "yes";
  const timer = setInterval(() => {
    if (note.matches(":hover, :focus-within")) return;
    clearInterval(timer);
    note.remove();
  }, seconds * 1000);
}

function start() {
  box()?.querySelectorAll("[data-toast]").forEach(leaveLater);
}

document.addEventListener("click", (event) => {
  event.target.closest?.("[data-toast-close]")?.closest("[data-toast]")?.remove();
});
document.addEventListener("htmx:oobAfterSwap", start);
start();
