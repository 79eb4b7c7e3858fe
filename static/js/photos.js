// input[data-photos]: what was chosen is drawn anew on the device, smaller and without what the camera wrote, and shown.
// Where the browser cannot do that, the file goes as it is and the server does the same.
const LONGEST = 2560;
const SHOWN = 96;

function drawn(picture, longest) {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

async function smaller(file, number, list) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const item = document.createElement("li");
    item.append(drawn(picture, SHOWN));
    list.append(item);
    const blob = await new Promise((done) => drawn(picture, LONGEST).toBlob(done, "image/jpeg", 0.85));
    picture.close();
    return blob ? new File([blob], `${number}.jpg`, { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
}

document.addEventListener("change", async (event) => {
  const input = event.target.closest?.("input[data-photos]");
  if (!input) return;
  const list = input.closest("[data-photos-field]").querySelector("[data-photos-shown]");
  list.replaceChildren();
  const chosen = [...input.files];
  const files = new DataTransfer();
  // Nothing is sent before all are ready.
  const buttons = [...input.form.querySelectorAll("button[type=submit]:not([disabled])")];
  buttons.forEach((button) => (button.disabled = true));
  for (const [number, file] of chosen.entries()) files.items.add(await smaller(file, number + 1, list));
  buttons.forEach((button) => (button.disabled = false));
  input.files = files.files;
});
