/** AES-GCM, as the guide has it. */
import type { StorageCodec, StoragePlace } from "tickwork/worker";

const IV = 12;

/** With a new key. */
export function aesCodec(): StorageCodec {
  const key = crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const aesOf = (place: StoragePlace, iv: Uint8Array<ArrayBuffer>) => ({
    name: "AES-GCM",
    iv,
    additionalData: new TextEncoder().encode(JSON.stringify([place.runId, place.kind, place.sequence])),
  });
  return {
    async encode(bytes, place) {
      const iv = crypto.getRandomValues(new Uint8Array(IV));
      const secret = await crypto.subtle.encrypt(aesOf(place, iv), await key, bytes);
      return new Uint8Array([...iv, ...new Uint8Array(secret)]);
    },
    async decode(bytes, place) {
      const aes = aesOf(place, bytes.slice(0, IV));
      return new Uint8Array(await crypto.subtle.decrypt(aes, await key, bytes.slice(IV)));
    },
  };
}
