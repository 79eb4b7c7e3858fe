// What axe does not judge. A link inside a line of text may be as low as the line.
({ target, text }) => {
  const doc = document.documentElement;
  const box = (e) => e.getBoundingClientRect();
  const seen = (e) => box(e).width > 1 && box(e).height > 1 && getComputedStyle(e).visibility !== "hidden";
  const name = (e) =>
    `${e.tagName.toLowerCase()}${e.id ? "#" + e.id : ""} ${(e.innerText || e.name || "").trim().slice(0, 20)}`;
  const inLine = (e) => e.tagName === "A" && getComputedStyle(e).display === "inline";
  const ticked = (e) => ["checkbox", "radio"].includes(e.type);
  const size = (e) => Math.round(Math.min(box(e).width, box(e).height));
  const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter(seen);
  const fields = targets.filter((e) => /INPUT|SELECT|TEXTAREA/.test(e.tagName) && !ticked(e));
  const beyond = [...document.querySelectorAll("body *")].filter((e) => seen(e) && box(e).right > doc.clientWidth + 1);
  return {
    lang: doc.lang,
    headings: document.querySelectorAll("h1").length,
    sideways: doc.scrollWidth - doc.clientWidth,
    beyond: beyond.slice(0, 3).map(name),
    small: targets.filter((e) => !inLine(e) && !ticked(e) && size(e) < target).map((e) => `${name(e)} ${size(e)} px`),
    zooming: fields.filter((e) => parseFloat(getComputedStyle(e).fontSize) < text).map(name),
    unstyled: getComputedStyle(doc).getPropertyValue("--red").trim() === "",
    comments: document.body.innerText.includes("{#") || document.body.innerText.includes("{%"),
  };
}
