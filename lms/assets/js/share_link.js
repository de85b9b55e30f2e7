// A new share link, copied or shared with one tap where the browser supports it; without a script it is a link to copy.

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
      // The person closed the share sheet.
      if (error.name !== "AbortError") throw error;
    }
  });
}
