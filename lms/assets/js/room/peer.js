// A WebRTC connection to the media server, made through the site: an offer, the answer, and an address to delete it.

import { device } from "./browser_storage.js";
import { find } from "./page.js";

// ICE candidates are gathered before the offer; slower ones than this are left out.
const GATHER_MS = 2_000;
const OFFER_MS = 15_000;
// A connection that recovers by itself does so within this time.
const ROAM_MS = 4_000;

/** The site or its media server refused, with the usual `code` and `message`. */
export class PeerRefusal extends Error {
  constructor(status, { code = "", message = "" } = {}) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export class Peer {
  /** `listener` has `lost()`, called once, and optionally `connected()`. */
  constructor(ice, listener) {
    this.listener = listener;
    this.connection = new RTCPeerConnection({ iceServers: ice, bundlePolicy: "max-bundle" });
    this.connection.addEventListener("connectionstatechange", () => this.changed());
    this.goodbye = () => this.leave();
    addEventListener("pagehide", this.goodbye);
  }

  get isConnected() {
    return !this.isClosed && this.connection.connectionState === "connected";
  }

  /** The last part of the address under which the site knows this connection. */
  get leg() {
    return this.place?.split("/").at(-2);
  }

  /** Make the connection. Throws `PeerRefusal`, or what `fetch` throws. */
  async dial(address, takeOver = false) {
    const { connection } = this;
    await connection.setLocalDescription();
    await this.gathered();
    const url = new URL(address, location.href);
    url.searchParams.set("device", device);
    if (takeOver) url.searchParams.set("take_over", "1");
    const answer = await fetch(url, {
      method: "POST",
      headers: { ...this.headers, "Content-Type": "application/sdp" },
      body: connection.localDescription.sdp,
      redirect: "error",
      signal: AbortSignal.timeout(OFFER_MS),
    });
    if (answer.status !== 201) {
      const isJson = answer.headers.get("Content-Type")?.includes("json");
      throw new PeerRefusal(answer.status, isJson ? await answer.json() : {});
    }
    this.place = answer.headers.get("Location");
    const sdp = await answer.text();
    if (this.isClosed) this.hangUp();
    else await connection.setRemoteDescription({ type: "answer", sdp });
  }

  get headers() {
    return { "X-CSRFToken": find("write").elements.csrfmiddlewaretoken.value, Accept: "application/sdp, application/json" };
  }

  gathered() {
    const { connection } = this;
    /** @type {Promise<void>} */
    const ready = new Promise((resolve) => {
      const settle = () => connection.iceGatheringState === "complete" && resolve();
      connection.addEventListener("icegatheringstatechange", settle);
      setTimeout(resolve, GATHER_MS);
      settle();
    });
    return ready;
  }

  changed() {
    clearTimeout(this.roaming);
    if (this.isClosed) return;
    const state = this.connection.connectionState;
    if (state === "connected") this.listener.connected?.();
    else if (state === "disconnected") this.roaming = setTimeout(() => this.lose(), ROAM_MS);
    else if (state === "failed" || state === "closed") this.lose();
  }

  lose() {
    if (this.isClosed) return;
    this.leave();
    this.listener.lost();
  }

  /** Close it in the browser and at the site. */
  leave() {
    if (this.isClosed) return;
    this.isClosed = true;
    clearTimeout(this.roaming);
    removeEventListener("pagehide", this.goodbye);
    this.connection.close();
    this.hangUp();
  }

  hangUp() {
    if (!this.place) return;
    // Also while the page unloads; the site ends connections that are left.
    fetch(this.place, { method: "DELETE", headers: this.headers, keepalive: true, redirect: "error" }).catch(() => {});
    this.place = null;
  }
}
