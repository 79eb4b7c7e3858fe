// The board of issues: a card that is dropped on a column opens the page of the step that leads there; arrow keys go
// from card to card. Every step is also in the card's menu, so that nothing needs a mouse.
const links = (card) => [...card.querySelectorAll("[data-to]")];
const target = (card, pile) => links(card).find((link) => link.dataset.to === pile?.dataset.pile);
const board = () => document.querySelector("[data-board]");
let dragged = null;

function mark(card) {
  board()?.querySelectorAll("[data-pile]").forEach((pile) => {
    pile.classList.toggle("takes", Boolean(card && target(card, pile)));
  });
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-card]") ?? null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  mark(dragged);
});
document.addEventListener("dragend", () => {
  dragged = null;
  mark(null);
});
document.addEventListener("dragover", (event) => {
  if (dragged && target(dragged, event.target.closest?.("[data-pile]"))) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const link = dragged && target(dragged, event.target.closest?.("[data-pile]"));
  if (!link) return;
  event.preventDefault();
  location.assign(link.href);
});

const title = (card) => card?.querySelector("a");
const cardsOf = (pile) => [...pile.querySelectorAll("[data-card]")];

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.("[data-card]");
  if (!card || event.target !== title(card) || event.altKey || event.ctrlKey || event.metaKey) return;
  const piles = [...board().querySelectorAll("[data-pile]")].filter((pile) => cardsOf(pile).length);
  const pile = card.closest("[data-pile]");
  const [column, row] = [piles.indexOf(pile), cardsOf(pile).indexOf(card)];
  const beside = (step) => piles[column + step] && cardsOf(piles[column + step]);
  const next = {
    ArrowDown: () => cardsOf(pile)[row + 1],
    ArrowUp: () => cardsOf(pile)[row - 1],
    ArrowRight: () => beside(1)?.[Math.min(row, beside(1).length - 1)],
    ArrowLeft: () => beside(-1)?.[Math.min(row, beside(-1).length - 1)],
  }[event.key];
  if (!next) return;
  event.preventDefault();
  title(next())?.focus();
});
