// The compositor: draws the screen with the camera in its corner as one picture.
// It draws on each camera frame, because timers and painting are throttled in a background page and frames are not. Browsers
// without MediaStreamTrackProcessor are not offered it.

const CORNER_SHARE = 0.22;
const MARGIN_SHARE = 0.015;

export const canCompose = Boolean(window.MediaStreamTrackProcessor && window.MediaStreamTrackGenerator && navigator.mediaDevices?.getDisplayMedia);

/** A stream of one track. `sources` are the tracks it is made of: stopping the stream stops them, too. */
export function compose(screen, camera) {
  const sources = [screen, camera].map((stream) => stream.getVideoTracks()[0]);
  const generator = new MediaStreamTrackGenerator({ kind: "video" });
  const compositor = new Compositor();
  compositor.follow(sources[0]);
  // The camera sets the frame rate: a screen gives a frame only when something on it changes.
  new MediaStreamTrackProcessor({ track: sources[1] }).readable
    .pipeThrough(new TransformStream({ transform: (frame, out) => compositor.draw(frame, out) }))
    .pipeTo(generator.writable)
    .catch(() => {});
  return Object.assign(new MediaStream([generator]), { sources });
}

class Compositor {
  screen = null;
  surface = null;
  pen = null;

  /** Keep the newest frame of the screen. */
  async follow(track) {
    const frames = new MediaStreamTrackProcessor({ track }).readable.getReader();
    for (let next = await frames.read(); !next.done; next = await frames.read()) {
      this.screen?.close();
      this.screen = next.value;
    }
    this.screen?.close();
    this.screen = null;
  }

  draw(frame, out) {
    if (this.screen) {
      // The first screen decides the size: recorders do not support a change of it.
      this.surface ??= new OffscreenCanvas(this.screen.displayWidth & ~1, this.screen.displayHeight & ~1);
      this.pen ??= this.surface.getContext("2d", { alpha: false });
      const { width, height } = this.surface;
      this.fit(this.screen, 0, 0, width, height);
      const [w, margin] = [width * CORNER_SHARE, width * MARGIN_SHARE];
      const h = (w * frame.displayHeight) / frame.displayWidth;
      const left = document.dir === "rtl" ? margin : width - w - margin;
      this.pen.drawImage(frame, left, height - h - margin, w, h);
      out.enqueue(new VideoFrame(this.surface, { timestamp: frame.timestamp }));
    }
    frame.close();
  }

  /** Draw `frame` as large as it fits, centered. */
  fit(frame, left, top, width, height) {
    const scale = Math.min(width / frame.displayWidth, height / frame.displayHeight);
    const [w, h] = [frame.displayWidth * scale, frame.displayHeight * scale];
    if (w < width || h < height) this.pen.clearRect(left, top, width, height);
    this.pen.drawImage(frame, left + (width - w) / 2, top + (height - h) / 2, w, h);
  }
}
