// A fresh share link: copied or sent with one tap where the browser can; without a script it is a link to hold and copy.

const part = document.querySelector("[data-share-link]");
const address = part.querySelector("[data-address]").href;
const copy = part.querySelector("[data-copy]");
const send = part.querySelector("[data-send]");

if (navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(address);
    part.querySelector("[data-copied]").hidden = false;
  });
}

if (navigator.share) {
  send.hidden = false;
  send.addEventListener("click", async () => {
    try {
      await navigator.share({ url: address });
    } catch (error) {
      // Whoever closes the sheet of programs has changed their mind.
      if (error.name !== "AbortError") throw error;
    }
  });
}
