import { z } from "zod";
import { defineWorkflow, humanResponseEvent, startEvent, stopEvent } from "tickwork";
import { serveWorkflows, type StoragePlace } from "tickwork/worker";

const Visit = startEvent("Visit", z.object({ patient: z.string() }));
const Finding = humanResponseEvent("Finding", z.object({ text: z.string() }));
const Letter = stopEvent("Letter", z.object({ text: z.string() }));

const visiting = defineWorkflow("visiting", { timeout: null }).step(
  "examine",
  { accepts: Visit, emits: Letter, waitsFor: Finding },
  async ({ data: { patient } }, ctx) => {
    const { data } = await ctx.waitForEvent(Finding, { timeout: null });
    return Letter({ text: `${patient}: ${data.text}` });
  },
);

export const workflows = { visiting };

/** The page sends these with its first message; until then, storage waits. */
interface Unlock {
  readonly passphrase: string;
  readonly salt: Uint8Array<ArrayBuffer>;
}

const key = new Promise<CryptoKey>((resolve) => {
  addEventListener("message", ({ data }: MessageEvent<{ unlock?: Unlock }>) => {
    if (data.unlock) resolve(deriveKey(data.unlock));
  });
});

async function deriveKey({ passphrase, salt }: Unlock): Promise<CryptoKey> {
  const secret = new TextEncoder().encode(passphrase);
  const base = await crypto.subtle.importKey("raw", secret, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", iterations: 600_000, salt };
  const aes = { name: "AES-GCM", length: 256 };
  return crypto.subtle.deriveKey(how, base, aes, false, ["encrypt", "decrypt"]); // not extractable
}

/** The place is authenticated with the data: a row that was moved does not decrypt. */
const aes = (iv: Uint8Array<ArrayBuffer>, { runId, kind, sequence }: StoragePlace) => ({
  name: "AES-GCM",
  iv,
  additionalData: new TextEncoder().encode(JSON.stringify([runId, kind, sequence])),
});

serveWorkflows(workflows, {
  database: "visits",
  codec: {
    async encode(bytes, place) {
      const iv = crypto.getRandomValues(new Uint8Array(12)); // a new one each time
      const secret = await crypto.subtle.encrypt(aes(iv, place), await key, bytes);
      return new Uint8Array([...iv, ...new Uint8Array(secret)]);
    },
    async decode(bytes, place) {
      const how = aes(bytes.slice(0, 12), place);
      return new Uint8Array(await crypto.subtle.decrypt(how, await key, bytes.slice(12)));
    },
  },
});
