// Drafts: what is typed into form[data-draft="name"] stays on this device until it is saved or dropped.
// A draft is offered, never sent by itself. Kept under yxq:draft:<user>:<name> as
// {key, version, savedAt, fields}: key is the UUID of the submission, so that the same visit sent twice is one row,
// version is the form's own, so that a queue can tell which form it was written in.
const PAUSE = 800;

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Plain http on a host name has no randomUUID.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function watch(form) {
  const name = `yxq:draft:${document.body.dataset.user}:${form.dataset.draft}`;
  const key = form.querySelector("[data-draft-key]");
  const version = form.querySelector("[data-draft-version]");
  const offer = document.querySelector(`[data-draft-offer="${form.dataset.draft}"]`);
  const untouched = JSON.stringify(window.yxqFields.read(form));
  if (key && !key.value) key.value = newKey();
  let timer;

  const load = () => {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  };
  const drop = () => localStorage.removeItem(name);

  const save = () => {
    clearTimeout(timer);
    const fields = window.yxqFields.read(form);
    if (JSON.stringify(fields) === untouched || !offer?.hidden) return;
    const draft = { key: key?.value, version: version?.value, savedAt: Date.now(), fields };
    try {
      localStorage.setItem(name, JSON.stringify(draft));
      form.dispatchEvent(new CustomEvent("draft:saved", { bubbles: true, detail: draft }));
    } catch {
      // Storage is full or forbidden: the form works on, only without a draft.
    }
  };

  const restore = () => {
    const draft = load();
    offer.hidden = true;
    if (!draft) return;
    // A page with cards makes room for them before they are filled.
    form.dispatchEvent(new CustomEvent("draft:restore", { bubbles: true, detail: draft }));
    window.yxqFields.write(form, draft.fields);
    if (key && draft.key) key.value = draft.key;
    (form.querySelector("textarea") ?? form.elements[0]).focus();
  };

  const draft = load();
  // A form that came back with errors still holds its text and its key.
  if (draft && offer && draft.key !== key?.value) {
    offer.hidden = false;
    // A reload comes back to where one had scrolled, and an empty form there looks like a loss.
    history.scrollRestoration = "manual";
    offer.scrollIntoView({ block: "center" });
    const when = offer.querySelector("[data-draft-time]");
    if (when) when.textContent = new Date(draft.savedAt).toLocaleString("sv-SE", { dateStyle: "short", timeStyle: "short" });
    offer.querySelector("[data-draft-continue]").addEventListener("click", restore);
    offer.querySelector("[data-draft-drop]").addEventListener("click", () => {
      drop();
      offer.hidden = true;
      form.elements[0]?.focus();
    });
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", save);
  document.addEventListener("visibilitychange", () => document.hidden && save());
  window.addEventListener("pagehide", save);
}

document.querySelectorAll("form[data-draft]").forEach(watch);
