// Fills in the start or end of a lesson from the current position of the video player.

const film = document.querySelector("[data-recording] video");
const form = document.querySelector("[data-lesson-form]");

function clock(seconds) {
  const whole = Math.floor(seconds);
  const two = (figure) => String(figure).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

for (const button of form?.querySelectorAll("[data-take]") ?? []) {
  button.hidden = false;
  button.addEventListener("click", () => {
    form.elements[button.dataset.take].value = clock(film.currentTime);
  });
}
