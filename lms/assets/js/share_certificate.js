// Shares the public page of a certificate with the Web Share API; without it there is a link to that page.

if (navigator.share) {
  for (const button of document.querySelectorAll("[data-share]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.share({ url: button.dataset.share });
      } catch (error) {
        // The person closed the share sheet.
        if (error.name !== "AbortError") throw error;
      }
    });
  }
}
