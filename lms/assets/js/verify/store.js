// The Cache API of the browser. It may be missing, forbidden or full: then the page works from memory.

const REGISTER = "mihna-register";

export class Store {
  constructor() {
    this.cache = null;
  }

  get isOpen() {
    return this.cache !== null;
  }

  async open() {
    try {
      this.cache = await caches.open(REGISTER);
    } catch {
      // SecurityError in private windows and where cookies are forbidden, ReferenceError in browsers without one.
      this.cache = null;
    }
  }

  /** The response kept for an address, or null. */
  async read(address) {
    return (await this.cache?.match(address).catch(() => null)) ?? null;
  }

  async write(address, response) {
    await this.cache?.put(address, response).catch(() => null);
  }
}
