// Plays the recording of an ended class: the same files that were played live.

const place = document.querySelector("[data-recording]");
const video = place.querySelector("video");
const ways = place.querySelector("select");
let hls;

async function load(position, plays) {
  hls?.destroy();
  const url = new URL(place.dataset.base + ways.value, location.href).href;
  const { default: Hls } = await import(place.dataset.hls);
  if (Hls.isSupported()) {
    hls = new Hls({ enableWorker: false, startLevel: 0, testBandwidth: false, startPosition: position, maxBufferLength: 30 });
    hls.on(Hls.Events.ERROR, (_, error) => error.fatal && error.type === Hls.ErrorTypes.MEDIA_ERROR && hls.recoverMediaError());
    hls.loadSource(url);
    hls.attachMedia(video);
  } else {
    video.src = url;
    video.currentTime = position;
  }
  if (plays) video.play().catch(() => {});
}

// Nothing is fetched before the person presses play.
video.addEventListener("play", () => video.readyState === 0 && !hls && load(0, true), { once: true });
ways.addEventListener("change", () => load(video.currentTime, !video.paused));
