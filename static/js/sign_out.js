// Signing out takes every trace of the person's words off this device; a saved form takes its own draft.
const PREFIX = "yxq:draft:";

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-wipe-drafts]")) return;
  for (const store of [localStorage, sessionStorage]) {
    Object.keys(store)
      .filter((name) => name.startsWith("yxq:draft:") || name === "yxq:unsent")
      .forEach((name) => store.removeItem(name));
  }
});

document.querySelectorAll("[data-draft-done]").forEach((mark) => {
  localStorage.removeItem(`${PREFIX}${document.body.dataset.user}:${mark.dataset.draftDone}`);
});
