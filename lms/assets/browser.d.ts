// What TypeScript does not know of browsers and of our pages. Checked only; no code comes from it.

// Elements of our own templates: which kind each is, the template says.
interface ParentNode {
  querySelector(selectors: string): any;
  querySelectorAll(selectors: string): NodeListOf<any>;
  readonly children: HTMLCollectionOf<any>;
}
interface Element {
  closest(selectors: string): any;
}
interface Document {
  getElementById(elementId: string): any;
}
// Events of our pages come from elements.
interface EventTarget {
  readonly dataset?: any;
  closest?(selectors: string): any;
}
interface Event {
  readonly target: any;
  readonly currentTarget: any;
  // Of the events that our own modules send.
  readonly detail?: any;
}

// https://wicg.github.io/netinfo/
interface NetworkInformation extends EventTarget {
  readonly saveData?: boolean;
  readonly type?: string;
  readonly effectiveType?: string;
  readonly downlink?: number;
}
interface Navigator {
  readonly connection?: NetworkInformation;
}
// https://wicg.github.io/shape-detection-api/
declare class BarcodeDetector {
  constructor(options?: { formats: string[] });
  static getSupportedFormats(): Promise<string[]>;
  detect(image: CanvasImageSource | ImageData | Blob): Promise<{ rawValue: string }[]>;
}
// https://w3c.github.io/mediacapture-transform/
declare class MediaStreamTrackGenerator extends MediaStreamTrack {
  constructor(options: { kind: string });
  readonly writable: WritableStream;
}
declare class MediaStreamTrackProcessor {
  constructor(options: { track: MediaStreamTrack });
  readonly readable: ReadableStream;
}
interface MediaRecorderOptions {
  videoKeyFrameIntervalDuration?: number;
}
// jQuery and the widgets of Wagtail.
interface Window {
  [widget: string]: any;
}
