// Measures stalls: when playback waits for data, and for how long.

// Shorter waits are not counted.
const STALL_MS = 250;

export class Stalls {
  constructor(emit) {
    this.emit = emit;
    this.since = 0;
    this.isTold = false;
  }

  begin() {
    if (this.since) return;
    this.since = performance.now();
    this.timer = setTimeout(() => {
      this.isTold = true;
      this.emit("stall-begin");
    }, STALL_MS);
  }

  end() {
    clearTimeout(this.timer);
    if (this.isTold) this.emit("stall-end", { seconds: (performance.now() - this.since) / 1000 });
    this.isTold = false;
    this.since = 0;
  }
}
