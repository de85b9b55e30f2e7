// The public page of a certificate, sent by the phone's own sheet; a browser without one has the link to that page.

if (navigator.share) {
  for (const button of document.querySelectorAll("[data-share]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.share({ url: button.dataset.share });
      } catch (error) {
        // A sheet that was closed is a change of mind.
        if (error.name !== "AbortError") throw error;
      }
    });
  }
}
