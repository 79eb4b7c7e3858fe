// /me/: text size and theme show at once, before they are saved; single keys are switched on this device.
const root = document.documentElement;

document.addEventListener("change", (event) => {
  const { name, value } = event.target;
  if (name === "text_size") root.dataset.textSize = value;
  if (name === "theme") {
    root.dataset.theme = value;
    document.dispatchEvent(new Event("theme:chosen"));
  }
});

const keys = document.querySelector("[data-shortcuts-switch]");
if (keys) {
  keys.checked = localStorage.getItem("yxq:shortcuts") !== "off";
  keys.addEventListener("change", () => localStorage.setItem("yxq:shortcuts", keys.checked ? "on" : "off"));
}

const drafts = Object.keys(localStorage).filter((name) => name.startsWith("yxq:draft:"));
document.querySelectorAll("[data-draft-count]").forEach((place) => (place.textContent = drafts.length));
document.querySelectorAll("[data-drafts-drop]").forEach((button) => {
  button.hidden = !drafts.length;
  button.addEventListener("click", () => {
    drafts.forEach((name) => localStorage.removeItem(name));
    document.querySelectorAll("[data-draft-count]").forEach((place) => (place.textContent = 0));
    button.hidden = true;
  });
});
