// The turning code: "GPR1:" + base45( CBOR [pass, slot, signature of the phone's key] ).

import { encodeQR } from "../parts/qr.js";

export const SLOT_S = 30;
// RFC 9285, table 1.
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const QUIET_MODULES = 4; // ISO/IEC 18004, section 9.1

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function base45(octets) {
  let text = "";
  for (let i = 0; i < octets.length; i += 2) {
    const isPair = i + 1 < octets.length;
    let value = isPair ? octets[i] * 256 + octets[i + 1] : octets[i];
    for (let digit = isPair ? 3 : 2; digit > 0; digit -= 1) {
      text += ALPHABET[value % 45];
      value = Math.floor(value / 45);
    }
  }
  return text;
}

// RFC 8949, section 3: in the shortest form, which is the only one that a door takes.
function head(major, value) {
  if (value < 24) return Uint8Array.of((major << 5) | value);
  if (value < 0x100) return Uint8Array.of((major << 5) | 24, value);
  if (value < 0x10000) return Uint8Array.of((major << 5) | 25, value >> 8, value & 255);
  const octets = new Uint8Array(5);
  octets[0] = (major << 5) | 26;
  new DataView(octets.buffer).setUint32(1, value);
  return octets;
}

function byteString(octets) {
  return joined(head(2, octets.length), octets);
}

export function slotAt(unixMs) {
  return Math.floor(unixMs / 1000 / SLOT_S);
}

/** Sign a slot for a pass, and return the text of the code. */
export async function turningCode(pass, key, slot) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", pass));
  const eight = new Uint8Array(8);
  new DataView(eight.buffer).setBigUint64(0, BigInt(slot));
  const message = joined(new TextEncoder().encode("GPR1"), digest, eight);
  const signed = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, message);
  const content = joined(head(4, 3), byteString(pass), head(0, slot), byteString(new Uint8Array(signed)));
  return "GPR1:" + base45(content);
}

/** Draw the text as a QR code, level M, dark on white with its quiet zone. */
export function draw(svg, text) {
  const rows = encodeQR(text, "raw", { ecc: "medium", encoding: "alphanumeric", border: QUIET_MODULES });
  let path = "";
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue;
      const begins = x;
      while (row[x + 1]) x += 1;
      path += `M${begins} ${y}h${x + 1 - begins}v1h-${x + 1 - begins}z`;
    }
  });
  svg.setAttribute("viewBox", `0 0 ${rows.length} ${rows.length}`);
  svg.querySelector("path").setAttribute("d", path);
}
