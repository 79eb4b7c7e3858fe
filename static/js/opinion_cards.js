// Opinions as cards: add, remove, Enter for the next one; a category is proposed while typing, one tap changes it.
const form = document.querySelector("form[data-log]");
const cards = document.querySelector("[data-cards]");

if (form && cards) {
  const template = document.querySelector("[data-card-template]");
  const addButton = document.querySelector("[data-card-add]");
  const most = Number(cards.dataset.most);
  const categories = JSON.parse(document.getElementById("category-keywords").textContent);

  const all = () => [...cards.querySelectorAll("[data-card]")];
  const numbers = () => all().map((card) => Number(card.dataset.card));
  const textOf = (card) => card.querySelector("textarea");

  function add(number = Math.max(-1, ...numbers()) + 1) {
    if (all().length >= most) return null;
    cards.insertAdjacentHTML("beforeend", template.innerHTML.replaceAll("NUMBER", number));
    const card = cards.lastElementChild;
    window.htmx?.process(card);
    addButton.hidden = all().length >= most;
    showWho();
    return card;
  }

  function remove(card) {
    const next = card.nextElementSibling ?? card.previousElementSibling;
    card.remove();
    addButton.hidden = false;
    (next ? textOf(next) : addButton).focus();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // The same rule as issues/categories.py: most letters of keywords found, of equals the first.
  function propose(text) {
    let best = null;
    let letters = 0;
    for (const { id, words } of categories) {
      const found = words.reduce((sum, word) => sum + (text.includes(word) ? word.length : 0), 0);
      if (found > letters) [best, letters] = [id, found];
    }
    return best;
  }

  function proposeFor(card) {
    if ("decided" in card.dataset) return;
    const id = propose(textOf(card).value);
    card.querySelectorAll("[data-card-category] input").forEach((radio) => {
      radio.checked = radio.value === id;
      radio.closest(".chip").classList.toggle("is-proposed", radio.checked);
    });
  }

  // Only those who took part can have said it; with one friend there is nothing to ask.
  function showWho() {
    const chosen = new Set([...form.querySelectorAll("input[name=workers]:checked")].map((box) => box.value));
    form.querySelectorAll("[data-card-who]").forEach((who) => {
      who.hidden = chosen.size < 2;
      who.querySelectorAll("[data-of]").forEach((chip) => {
        chip.hidden = !chosen.has(chip.dataset.of);
        if (chip.hidden) chip.querySelector("input").checked = false;
      });
    });
  }

  addButton.addEventListener("click", (event) => {
    event.preventDefault();
    const card = add();
    if (card) textOf(card).focus();
  });
  cards.addEventListener("click", (event) => {
    const button = event.target.closest("[data-card-remove]");
    if (!button) return;
    event.preventDefault();
    remove(button.closest("[data-card]"));
  });
  cards.addEventListener("keydown", (event) => {
    const isText = event.target.matches("[data-card] textarea");
    if (!isText || event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    event.preventDefault();
    if (!event.target.value.trim()) return;
    const card = event.target.closest("[data-card]").nextElementSibling ?? add();
    if (card) textOf(card).focus();
  });
  form.addEventListener("input", (event) => {
    const card = event.target.closest?.("[data-card]");
    if (card && event.target.matches("textarea")) proposeFor(card);
    if (event.target.name === "workers") showWho();
  });
  cards.addEventListener("change", (event) => {
    if (event.target.matches("[data-card-category] input")) event.target.closest("[data-card]").dataset.decided = "yes";
  });
  form.addEventListener("draft:restore", (event) => {
    const names = Object.keys(event.detail.fields);
    const wanted = names.map((name) => /^opinion-(\d+)-text$/.exec(name)?.[1]).filter(Boolean);
    const there = numbers();
    for (const number of wanted) {
      const card = there.includes(Number(number)) ? null : add(Number(number));
      // What the draft says about the category was seen by the user.
      if (card && event.detail.fields[`opinion-${number}-category`]?.length) card.dataset.decided = "yes";
    }
  });

  // A card that came back from the server keeps the category it was sent with.
  all().forEach((card) => {
    if (card.querySelector("[data-card-category] input:checked")) card.dataset.decided = "yes";
  });
  showWho();
}
