// Native HLS playback, for Apple devices without Media Source Extensions.

const HLS_TYPE = "application/vnd.apple.mpegurl";

export class NativeStream {
  /** Chromium's own HLS takes 720p on a 360 px screen, which uses far more of a prepaid data plan than hls.js does. */
  static isBest(video) {
    const isApple = "ManagedMediaSource" in window || !("MediaSource" in window);
    return isApple && video.canPlayType(HLS_TYPE) !== "";
  }

  constructor(video, listener) {
    this.video = video;
    this.listener = listener;
    this.failed = () => listener.trouble(navigator.onLine ? "refused" : "line");
  }

  async open({ url, name }, position) {
    this.video.src = url;
    this.video.addEventListener("error", this.failed);
    if (position) {
      this.video.addEventListener("loadedmetadata", () => (this.video.currentTime = position), { once: true });
    }
    this.listener.quality(name);
  }

  resume() {}

  readdress() {
    return false;
  }

  /** One rendition plays: there is no level to cap. */
  cap() {}

  close() {
    this.video.removeEventListener("error", this.failed);
    this.video.removeAttribute("src");
    this.video.load();
  }
}
