// Keys for the desktop. Nothing is reachable by a key alone; /me/ switches the single keys off.
const sheet = document.querySelector("[data-shortcuts]");
const OFF = "yxq:shortcuts";
let afterG = 0;

const typing = (target) => target.matches?.("input, textarea, select, [contenteditable]");
const follow = (selector) => document.querySelector(selector)?.click();

function step(by) {
  const rows = [...document.querySelectorAll("main .list .cell-title a, main .row-link[href]")];
  if (!rows.length) return;
  const now = rows.indexOf(document.activeElement);
  rows[Math.min(Math.max(now + by, 0), rows.length - 1)].focus();
}

const KEYS = {
  "?": () => sheet.showModal(),
  "/": () => document.querySelector("main input[type=search]")?.focus(),
  n: () => follow(".bottombar .is-primary a"),
  j: () => step(1),
  k: () => step(-1),
  g: () => (afterG = Date.now()),
};

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.target.form?.requestSubmit(event.target.form.querySelector(".btn-primary[type=submit]"));
    return;
  }
  if (event.ctrlKey || event.metaKey || typing(event.target) || localStorage.getItem(OFF) === "off") return;
  if (Date.now() - afterG < 1500 && /^[1-5]$/.test(event.key)) {
    follow(`.bottombar li:nth-child(${event.key}) a`);
  } else if (KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
});

if (sheet) {
  document.querySelectorAll("[data-shortcuts-open]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => sheet.showModal());
  });
}
