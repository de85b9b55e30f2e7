// Adaptive playback by hls.js, which is loaded on first use.

let library;

export function loadHls(address) {
  library ??= import(address).then(
    (module) => module.default,
    (error) => {
      // Cleared, so that the next play tries again.
      library = undefined;
      throw error;
    },
  );
  return library;
}

const patient = (most) => ({
  maxTimeToFirstByteMs: 20_000,
  maxLoadTimeMs: 120_000,
  timeoutRetry: { maxNumRetry: most, retryDelayMs: 500, maxRetryDelayMs: 6_000 },
  errorRetry: { maxNumRetry: most, retryDelayMs: 500, maxRetryDelayMs: 6_000, backoff: "exponential" },
});

// For a connection of 64 kbit/s and 600 ms: start with the lowest level, go up one at a time and only with a margin.
const SETTINGS = {
  startLevel: 0,
  testBandwidth: false,
  startFragPrefetch: true,
  abrBandWidthFactor: 0.8,
  abrBandWidthUpFactor: 0.55,
  abrEwmaSlowVoD: 12,
  maxStarvationDelay: 8,
  maxLoadingDelay: 8,
  maxBufferLength: 30,
  maxMaxBufferLength: 60,
  backBufferLength: 40,
  maxBufferSize: 12_000_000,
  // Our segments are fragmented MP4: no demuxing, so no worker is needed.
  enableWorker: false,
  manifestLoadPolicy: { default: patient(4) },
  playlistLoadPolicy: { default: patient(4) },
  fragLoadPolicy: { default: patient(6) },
};

export class HlsStream {
  constructor(video, listener, address) {
    this.video = video;
    this.listener = listener;
    this.address = address;
    this.stir = () => this.resume();
  }

  async open({ url, cap, bits }, position) {
    const Hls = await loadHls(this.address);
    if (this.isClosed) return;
    if (!Hls.isSupported()) throw new Error("this browser plays no HLS");
    this.url = url;
    const hls = new Hls({
      ...SETTINGS,
      abrEwmaDefaultEstimate: bits || 50_000,
      startPosition: position || -1,
    });
    this.hls = hls;
    hls.on(Hls.Events.ERROR, (_, error) => this.failed(Hls, error));
    hls.on(Hls.Events.MANIFEST_PARSED, () => this.cap(cap));
    hls.on(Hls.Events.LEVEL_SWITCHED, (_, { level }) => this.listener.quality(nameOf(hls.levels[level])));
    hls.on(Hls.Events.FRAG_BUFFERED, (_, { frag }) => {
      // The first picture may come before hls.js reports its level.
      if (!this.isNamed) this.listener.quality(nameOf(hls.levels[frag.level]));
      this.isNamed = true;
      this.failures = 0;
      this.listener.flows();
      this.listener.speed(hls.bandwidthEstimate);
    });
    hls.loadSource(new URL(url, location.href).href);
    hls.attachMedia(this.video);
    addEventListener("online", this.stir);
  }

  /** Goes no higher than `height` pixels of the short side; 0 is no limit. */
  cap(height) {
    if (!this.hls) return;
    const levels = this.hls.levels.map((level) => Math.min(level.width, level.height));
    const highest = levels.findLastIndex((size) => size <= height);
    this.hls.autoLevelCapping = height ? Math.max(0, highest) : -1;
  }

  failed(Hls, error) {
    const status = error.response?.code;
    if ([401, 403, 404, 410].includes(status)) {
      this.hls.stopLoad();
      this.listener.trouble("refused");
    } else if (error.type === Hls.ErrorTypes.NETWORK_ERROR) {
      this.listener.trouble("line");
      if (error.fatal) this.again();
    } else if (error.fatal && error.type === Hls.ErrorTypes.MEDIA_ERROR && !this.isRecovered) {
      this.isRecovered = true;
      this.hls.recoverMediaError();
    } else if (error.fatal) {
      this.listener.trouble("broken");
    }
  }

  /** hls.js gives up after its retries; this starts it again. */
  again() {
    this.failures = (this.failures ?? 0) + 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.resume(), Math.min(8_000, 500 * 2 ** this.failures));
  }

  resume() {
    if (this.hls?.levels?.length) this.hls.startLoad();
    else this.hls?.loadSource(new URL(this.url, location.href).href);
  }

  readdress() {
    return false;
  }

  close() {
    this.isClosed = true;
    clearTimeout(this.timer);
    removeEventListener("online", this.stir);
    this.hls?.destroy();
    this.hls = null;
  }
}

function nameOf(level) {
  // The same quality with the second sound is named `240p-2`.
  return level?.url[0].split("/").at(-1).split(".")[0].replace(/-\d$/, "") ?? "";
}
