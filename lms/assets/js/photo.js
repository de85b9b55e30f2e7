// Makes a photo small before it is sent: a camera's file takes minutes on a slow connection. Without the script it is sent as it is.

const SIDE = 960;
const input = /** @type {HTMLInputElement} */ (document.querySelector("input[data-photo]"));

/** @param {File} file */
async function shrunk(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const drawing = canvas.getContext("2d");
  drawing.fillStyle = "white";
  drawing.fillRect(0, 0, canvas.width, canvas.height);
  drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
}

/** Puts the small one in the place of the file that was chosen. */
async function replace() {
  const [file] = input.files;
  if (!file) return;
  try {
    const small = await shrunk(file);
    if (!small || small.size >= file.size || input.files[0] !== file) return;
    const files = new DataTransfer();
    files.items.add(new File([small], "photo.jpg", { type: "image/jpeg" }));
    input.files = files.files;
  } catch {
    // No picture that this browser reads: the server says what is wrong with it.
  }
}

/** @type {Promise<void> | null} */
let replacing = null;

input.addEventListener("change", () => {
  const now = replace().finally(() => {
    if (replacing === now) replacing = null;
  });
  replacing = now;
});

// A cheap phone takes seconds for a large photo: the button waits for the small one.
input.form.addEventListener("submit", async (event) => {
  if (!replacing) return;
  event.preventDefault();
  await replacing;
  // Once more: another photo may have been chosen meanwhile.
  input.form.requestSubmit();
});
