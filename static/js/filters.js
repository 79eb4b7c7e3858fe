// Filter forms: on the desktop they send themselves, on the phone they are a sheet with a button.
const PAUSE = 400;
const phone = window.matchMedia("(max-width: 767.98px)");

function start(form) {
  const sheet = form.querySelector(".filters-sheet");
  const toggle = form.querySelector("[data-sheet-open]");
  const scrim = document.createElement("div");
  scrim.className = "scrim";
  let timer;
  const searched = () => [...form.elements].filter((field) => field.type === "search").map((field) => field.value).join("\n");
  let sent = searched();

  const close = () => {
    if (!sheet.classList.contains("is-open")) return;
    sheet.classList.remove("is-open");
    document.documentElement.classList.remove("is-sheet-open");
    scrim.remove();
    toggle.setAttribute("aria-expanded", "false");
    toggle.focus();
  };
  const open = () => {
    sheet.classList.add("is-open");
    document.documentElement.classList.add("is-sheet-open");
    form.append(scrim);
    toggle.setAttribute("aria-expanded", "true");
    sheet.querySelector("[data-sheet-close]").focus();
  };
  const count = () => {
    const chosen = [...sheet.querySelectorAll("select, input")].filter(
      (field) => field.name !== "order" && (["checkbox", "radio"].includes(field.type) ? field.checked && field.value : field.value),
    ).length;
    let number = toggle.querySelector(".count");
    if (!number) {
      number = document.createElement("span");
      number.className = "count";
      toggle.append(number);
    }
    number.textContent = chosen;
    number.hidden = !chosen;
  };

  toggle.addEventListener("click", open);
  scrim.addEventListener("click", close);
  sheet.querySelector("[data-sheet-close]").addEventListener("click", close);
  document.addEventListener("keydown", (event) => event.key === "Escape" && close());

  form.addEventListener("change", (event) => {
    // Left after its rows have come, the search field has nothing to ask: new rows would lose what is being ticked.
    if (event.target.type === "search" && searched() === sent) return;
    if (!phone.matches || !sheet.contains(event.target)) form.requestSubmit();
  });
  form.addEventListener("input", (event) => {
    if (event.target.type !== "search" || event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(() => form.requestSubmit(), PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    sent = searched();
    count();
    close();
  });
  // Addresses that can be read and shared: no empty parameters.
  form.addEventListener("htmx:configRequest", (event) => {
    const parameters = event.detail.parameters;
    for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
  });

}

document.querySelectorAll("form[data-filters]").forEach(start);

// The tab that is shown may lie beyond the edge of a phone.
const showTab = () => document.querySelector(".tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
document.addEventListener("htmx:afterSettle", showTab);
showTab();
