// A page's picture over time: what it paints while it is used with a pointer, as one animated picture.

import sharp from "sharp";

/**
 * @typedef {{ readonly at: number, readonly png: Buffer }} Shot what the page painted, and when
 * @typedef {{ readonly at: number, readonly x: number, readonly y: number, readonly isDown: boolean }} PointerPlace
 * @typedef {{ readonly from: number, readonly to: number, readonly speed: number }} Scene
 */

/** Milliseconds that a frame of the picture is shown at least. */
const FRAME = 100;
/** Between two places of a pointer that glides. */
const STEP = 20;

export class Recording {
  /** @type {import("playwright").Page} */
  #page;
  /** @type {import("playwright").CDPSession} */
  #session;
  /** @type {Shot[]} */
  #shots = [];
  /** @type {PointerPlace[]} */
  #pointer;
  /** @type {Scene[]} */
  #scenes = [];

  /**
   * @param {import("playwright").Page} page
   * @param {import("playwright").CDPSession} session
   * @param {{ x: number, y: number }} pointer where it is at first
   */
  constructor(page, session, pointer) {
    this.#page = page;
    this.#session = session;
    this.#pointer = [{ at: 0, ...pointer, isDown: false }];
    session.on("Page.screencastFrame", ({ data, sessionId }) => {
      this.#shots.push({ at: Date.now(), png: Buffer.from(data, "base64") });
      session.send("Page.screencastFrameAck", { sessionId }).catch(() => {});
    });
  }

  /**
   * @param {import("playwright").Page} page
   * @param {{ x: number, y: number }} pointer where it is at first
   */
  static async of(page, pointer) {
    const session = await page.context().newCDPSession(page);
    const recording = new Recording(page, session, pointer);
    await session.send("Page.startScreencast", { format: "png" });
    return recording;
  }

  /**
   * Takes down what happens while `play` is at it; what happens between two scenes is cut out.
   * @param {number} speed how many times as fast it is shown
   * @param {() => Promise<void>} play
   */
  async scene(speed, play) {
    const from = Date.now();
    await play();
    this.#scenes.push({ from, to: Date.now(), speed });
  }

  /**
   * Moves the pointer to a place or to the middle of an element, as a hand does.
   * @param {import("playwright").Locator | { x: number, y: number }} to
   * @param {number} duration in milliseconds
   */
  async glide(to, duration = 500) {
    if (!("x" in to)) await to.scrollIntoViewIfNeeded();
    const target = "x" in to ? to : middleOf(await to.boundingBox());
    const start = this.#place;
    const begin = Date.now();
    for (let part = 0; part < 1;) {
      await wait(STEP);
      part = Math.min(1, (Date.now() - begin) / duration);
      const eased = part * part * (3 - 2 * part);
      const x = start.x + (target.x - start.x) * eased;
      const y = start.y + (target.y - start.y) * eased;
      this.#pointer.push({ at: Date.now(), x, y, isDown: start.isDown });
      await this.#page.mouse.move(x, y);
    }
  }

  /** @param {import("playwright").Locator} locator */
  async click(locator, duration = 500) {
    await this.glide(locator, duration);
    await this.press();
    await wait(80);
    await this.release();
  }

  async press() {
    this.#pointer.push({ ...this.#place, at: Date.now(), isDown: true });
    await this.#page.mouse.down();
  }

  async release() {
    await this.#page.mouse.up();
    this.#pointer.push({ ...this.#place, at: Date.now(), isDown: false });
  }

  get #place() {
    return /** @type {PointerPlace} */ (this.#pointer.at(-1));
  }

  /**
   * Writes it as an animated picture that is shown again and again.
   * @param {string} path a .webp
   */
  async save(path) {
    await this.#session.send("Page.stopScreencast");
    const frames = this.#frames();
    /** @type {Buffer[]} */
    const drawn = [];
    for (const { shot, pointer } of frames) drawn.push(await withPointer(shot, pointer));
    await sharp(drawn, { join: { animated: true } })
      .webp({ quality: 72, effort: 4, loop: 0, delay: frames.map(({ duration }) => duration) })
      .toFile(path);
    return { frames: frames.length, duration: frames.reduce((sum, { duration }) => sum + duration, 0) };
  }

  /** One at least every `FRAME` of what is shown; those that are alike are one. */
  #frames() {
    /** @type {{ shot: Shot, pointer: PointerPlace, duration: number }[]} */
    const frames = [];
    for (const { from, to, speed } of this.#scenes) {
      for (let at = from; at < to; at += FRAME * speed) {
        const [shot, pointer] = [lastBefore(this.#shots, at), lastBefore(this.#pointer, at)];
        if (!shot || !pointer) continue;
        const last = frames.at(-1);
        if (last?.shot === shot && last.pointer === pointer) last.duration += FRAME;
        else frames.push({ shot, pointer, duration: FRAME });
      }
    }
    return frames;
  }
}

/**
 * @param {Shot} shot
 * @param {PointerPlace} pointer
 */
function withPointer({ png }, { x, y, isDown }) {
  const [left, top] = [Math.round(x), Math.round(y)];
  const layers = [
    ...(isDown ? [{ input: PRESSED, left: left - 14, top: top - 14 }] : []),
    { input: ARROW, left: left - 2, top: top - 2 },
  ];
  return sharp(png).removeAlpha().composite(layers).png({ compressionLevel: 1 }).toBuffer();
}

const ARROW = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="18" height="24"><path d="M2 2v16l4.2-3.6 2.8 6.4 3-1.3-2.8-6.3H15z" fill="#111" stroke="#fff" stroke-width="1.5"/></svg>`,
);
const PRESSED = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="28" height="28"><circle cx="14" cy="14" r="12" fill="#f59e0b" fill-opacity=".35" stroke="#f59e0b"/></svg>`,
);

/** @param {number} duration in milliseconds */
export const wait = (duration) => new Promise((resolve) => void setTimeout(resolve, duration));

/** @param {{ x: number, y: number, width: number, height: number } | null} box */
function middleOf(box) {
  if (box === null) throw new Error("The pointer was sent to something that is not there.");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/**
 * @template {{ readonly at: number }} T
 * @param {readonly T[]} list
 * @param {number} at
 */
const lastBefore = (list, at) => list.findLast((each) => each.at <= at);
