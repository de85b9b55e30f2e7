// The video of the editor: seeks, plays one cue, reports its position.

export class EditorVideo extends EventTarget {
  constructor(video, { playlist, file, hls }) {
    super();
    this.video = video;
    this.until = null;
    this.start(playlist, file, hls).catch((error) => console.warn("captions: no picture", error));
    video.addEventListener("timeupdate", () => this.moved());
    video.addEventListener("seeking", () => this.moved());
    video.addEventListener("pause", () => (this.until = null));
  }

  async start(playlist, file, library) {
    if (!playlist) return;
    const { default: Hls } = await import(library);
    if (!Hls.isSupported()) {
      this.video.src = this.video.canPlayType("application/vnd.apple.mpegurl") ? playlist : file;
      return;
    }
    const hls = new Hls({ enableWorker: false, maxBufferLength: 60 });
    hls.loadSource(playlist);
    hls.attachMedia(this.video);
  }

  get milliseconds() {
    return Math.round(this.video.currentTime * 1000);
  }

  seek(milliseconds) {
    this.video.currentTime = milliseconds / 1000;
  }

  skip(seconds) {
    this.video.currentTime = Math.max(0, this.video.currentTime + seconds);
  }

  toggle() {
    if (this.video.paused) this.play();
    else this.video.pause();
  }

  play() {
    // `play` rejects while nothing is loaded.
    this.video.play().catch((error) => console.info("captions", error.name));
  }

  playCue({ start, end }) {
    this.seek(start);
    this.until = end;
    this.play();
    this.watch();
  }

  /** `timeupdate` comes four times a second, too coarse to stop before the next word. */
  watch() {
    if (this.until === null) return;
    if (this.milliseconds >= this.until && !this.video.seeking) this.video.pause();
    else requestAnimationFrame(() => this.watch());
  }

  moved() {
    this.dispatchEvent(new Event("move"));
  }
}
