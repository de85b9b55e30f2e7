// Plays the class as HLS, at the live edge or from an earlier moment: by hls.js, or by the browser itself.

import { placeOf } from "./playlist.js";

let hlsLibrary;

function loadHls(address) {
  hlsLibrary ??= import(address).then(
    (module) => module.default,
    (error) => {
      hlsLibrary = undefined;
      throw error;
    },
  );
  return hlsLibrary;
}

const loadPolicy = (most) => ({
  maxTimeToFirstByteMs: 10_000,
  maxLoadTimeMs: 30_000,
  timeoutRetry: { maxNumRetry: most, retryDelayMs: 300, maxRetryDelayMs: 3_000 },
  errorRetry: { maxNumRetry: most, retryDelayMs: 300, maxRetryDelayMs: 3_000, backoff: "exponential" },
});

const LIVE_SETTINGS = {
  startLevel: 0,
  testBandwidth: false,
  enableWorker: false,
  capLevelToPlayerSize: true,
  abrBandWidthFactor: 0.8,
  abrBandWidthUpFactor: 0.6,
  // Two segments behind the live edge; after a pause of the instructor's connection playback catches up at a higher speed.
  liveSyncDurationCount: 2,
  liveMaxLatencyDurationCount: 20,
  maxLiveSyncPlaybackRate: 1.1,
  backBufferLength: 60,
  maxBufferLength: 20,
  manifestLoadPolicy: { default: loadPolicy(6) },
  playlistLoadPolicy: { default: loadPolicy(6) },
  fragLoadPolicy: { default: loadPolicy(6) },
};

export class HlsPlayer {
  /** `listener` has `lost()`: playback failed; `expired()`: the signed address has expired. */
  constructor(video, listener, address) {
    this.video = video;
    this.listener = listener;
    this.address = address;
  }

  /** Play `url`; with `from`, a Date, from that moment until now. */
  async open(url, from = null) {
    const Hls = await loadHls(this.address);
    if (this.isClosed) return;
    if (!Hls.isSupported()) return this.openNative(url);
    const start = from ? await placeOf(url, from) : -1;
    if (this.isClosed) return;
    const settings = from ? { ...LIVE_SETTINGS, pLoader: freshPlaylistLoader(Hls), startPosition: start } : LIVE_SETTINGS;
    const hls = new Hls(settings);
    this.hls = hls;
    hls.on(Hls.Events.ERROR, (_, error) => this.failed(Hls, error));
    hls.loadSource(new URL(url, location.href).href);
    hls.attachMedia(this.video);
  }

  openNative(url) {
    if (!this.video.canPlayType("application/vnd.apple.mpegurl")) throw new Error("this browser plays no HLS");
    this.video.src = url;
  }

  failed(Hls, error) {
    if ([403, 404, 410].includes(error.response?.code) && error.fatal) this.listener.expired();
    else if (error.fatal && error.type === Hls.ErrorTypes.MEDIA_ERROR && !this.wasMended) {
      this.wasMended = true;
      this.hls.recoverMediaError();
    } else if (error.fatal) this.listener.lost();
  }

  /** The time of the displayed picture, by the server's clock. */
  get moment() {
    return this.hls?.playingDate ?? null;
  }

  /** Whether everything listed was played: then the sender is missing, and our connection is not slow. */
  get isAtSource() {
    const details = this.hls?.latestLevelDetails ?? this.hls?.levels[this.hls.currentLevel]?.details;
    return Boolean(details) && details.edge - this.video.currentTime < 0.7;
  }

  close() {
    this.isClosed = true;
    this.hls?.destroy();
    this.video.removeAttribute("src");
    this.video.load();
  }
}

/** Loads playlists of the class so far as if they had ended, so that hls.js does not reload long ones every second. */
function freshPlaylistLoader(Hls) {
  return class extends Hls.DefaultConfig.loader {
    load(context, config, callbacks) {
      const onSuccess = (response, ...rest) => {
        if (response.data.includes("#EXTINF")) response.data += "#EXT-X-ENDLIST\n";
        callbacks.onSuccess(response, ...rest);
      };
      super.load(context, config, { ...callbacks, onSuccess });
    }
  };
}
