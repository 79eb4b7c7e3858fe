// All friends in a sheet with search: the chips themselves move there and back, so each friend is one checkbox.
const picker = document.querySelector("[data-friend-picker]");
const sheet = document.querySelector("[data-friend-sheet]");

if (picker && sheet) {
  const place = picker.querySelector("[data-friend-place]");
  const list = picker.querySelector("[data-friend-list]");
  const opener = picker.querySelector("[data-friend-open]");
  const search = sheet.querySelector("input[type=search]");
  const none = sheet.querySelector("[data-friend-none]");
  const chips = [...list.querySelectorAll("[data-search]")];

  const filter = () => {
    const words = search.value.trim().toLowerCase();
    chips.forEach((chip) => (chip.hidden = !chip.dataset.search.toLowerCase().includes(words)));
    none.hidden = chips.some((chip) => !chip.hidden);
  };

  opener.addEventListener("click", () => {
    sheet.querySelector("[data-friend-slot]").append(list);
    sheet.showModal();
  });
  sheet.addEventListener("close", () => {
    search.value = "";
    filter();
    place.append(list);
    opener.focus();
  });
  sheet.querySelectorAll("[data-friend-close]").forEach((button) => button.addEventListener("click", () => sheet.close()));
  sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
  search.addEventListener("input", filter);
  // Enter in the sheet is about the sheet: it must not send the form.
  sheet.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.matches("button")) return;
    event.preventDefault();
    if (event.target !== search) sheet.close();
  });
}
