// The pass page. All its words stand in the page; this only shows and hides them.

import { SLOT_S, draw, slotAt, turningCode } from "./code.js";
import * as store from "./store.js";

const TICK_MS = 250;
const CLOCK_EVERY_MS = 600_000;
// Codes count for a minute around theirs.
const CLOCK_OFF_MS = 30_000;
const SOON_MS = 3 * 24 * 3600 * 1000;
// An expired pass stays for a while, to say that it has.
const KEPT_MS = 7 * 24 * 3600 * 1000;

const $ = (id) => document.getElementById(id);
const settings = document.body.dataset;
const language = document.documentElement.lang;

let passes = [];
let shown = 0;
let drawn = "";
let lock = null;

function only(id) {
  for (const section of document.querySelectorAll("[data-state]")) section.hidden = section.id !== id;
}

function told(id, why) {
  for (const text of $(id).querySelectorAll("[data-why]")) text.hidden = text.dataset.why !== why;
}

function moment(unixMs) {
  return new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" }).format(unixMs);
}

function invitation() {
  return /^#(link|visit)=([\w-]{1,64})$/.exec(location.hash);
}

function refuse(why) {
  const known = [...$("refused").querySelectorAll("[data-why]")].some((text) => text.dataset.why === why);
  told("refused", known ? why : "malformed");
  $("retry").hidden = !["no-network", "too-many", "not-now"].includes(why);
  $("back").hidden = passes.length === 0;
  only("refused");
  $("refused").querySelector("h1").focus();
}

async function accept(token) {
  only("busy");
  if (!globalThis.crypto?.subtle) return refuse("insecure");
  let keys;
  try {
    keys = await store.keysFor(token);
  } catch {
    return refuse("no-storage");
  }
  // SEC 1, section 2.3.3: 4, then x and y of 32 bytes each.
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey));
  const base64 = (octets) => btoa(String.fromCharCode(...octets));
  const body = JSON.stringify({ token, x: base64(point.slice(1, 33)), y: base64(point.slice(33)) });
  let answer, said;
  try {
    const headers = { "Content-Type": "application/json" };
    answer = await fetch(settings.claim, { method: "POST", headers, body });
    said = await answer.json();
  } catch {
    return refuse("no-network");
  }
  if (!answer.ok) {
    if (answer.status === 404 || answer.status === 410) await store.forgetLink(token);
    return refuse(said.why);
  }
  const octets = Uint8Array.from(atob(said.pass), (letter) => letter.charCodeAt(0));
  const { replaces, ...rest } = said;
  const pass = { ...rest, pass: octets, key: keys.privateKey, kept_ms: Date.now() };
  await store.keep(token, pass, replaces);
  // The phone is asked not to throw it away when it runs out of room.
  navigator.storage?.persist?.().catch(() => {});
  history.replaceState(null, "", location.pathname);
  await begin();
}

function present() {
  const pass = passes[shown];
  drawn = "";
  $("label").textContent = pass.label;
  $("office").textContent = pass.office;
  for (const word of document.querySelectorAll("[data-type]")) word.hidden = word.dataset.type !== pass.type;
  $("until").textContent = moment(pass.expires_s * 1000);
  $("until").dateTime = new Date(pass.expires_s * 1000).toISOString();
  $("others").hidden = passes.length < 2;
  $("place").textContent = `${shown + 1} / ${passes.length}`;
  only("holding");
  tick();
}

async function tick() {
  const pass = passes[shown];
  if (!pass || $("holding").hidden) return;
  const now = Date.now();
  const state = now > pass.expires_s * 1000 + 999 ? "expired" : now < pass.begins_s * 1000 ? "early" : "good";
  // A day pass always ends soon.
  const endsSoon = pass.type !== "visitor" && pass.expires_s * 1000 - now < SOON_MS;
  told("holding", state === "good" && endsSoon ? "soon" : state);
  $("panel").hidden = state !== "good";
  if (state !== "good") return;
  const slot = slotAt(now);
  $("left").value = SLOT_S - (now / 1000 - slot * SLOT_S);
  const wanted = `${pass.cti} ${slot}`;
  if (drawn === wanted) return;
  drawn = wanted;
  const text = await turningCode(pass.pass, pass.key, slot);
  if (drawn !== wanted) return;
  draw($("code"), text);
  $("code").dataset.slot = slot;
}

async function compareClocks() {
  if (document.hidden || !navigator.onLine) return;
  const asked = Date.now();
  const answer = await fetch(settings.clock, { cache: "no-store" });
  const said = await answer.json();
  const off = Math.abs(said.unix_ms - (asked + Date.now()) / 2) - (Date.now() - asked) / 2;
  $("clock-off").hidden = off < CLOCK_OFF_MS;
}

async function stayAwake() {
  if (document.hidden || lock || passes.length === 0) return;
  try {
    lock = await navigator.wakeLock.request("screen");
    lock.addEventListener("release", () => (lock = null));
  } catch {
    lock = null; // an old browser, or a battery that is nearly empty
  }
}

async function load() {
  const kept = await store.passes();
  for (const old of kept.filter((pass) => pass.expires_s * 1000 + KEPT_MS < Date.now())) await store.forgetPass(old.cti);
  passes = kept.filter((pass) => pass.expires_s * 1000 + KEPT_MS >= Date.now());
  // Those that count come first, the newest of them before the others.
  const counts = (pass) => Number(pass.expires_s * 1000 >= Date.now());
  passes.sort((one, other) => counts(other) - counts(one) || other.kept_ms - one.kept_ms);
  shown = 0;
}

async function begin() {
  try {
    await load();
  } catch {
    return refuse("no-storage");
  }
  const invited = invitation();
  const unfinished = invited ? null : await store.pending();
  if (invited?.[1] === "visit") return accept(invited[2]);
  if (invited || unfinished) {
    $("accept").dataset.token = invited ? invited[2] : unfinished.token;
    return only("invited");
  }
  if (passes.length === 0) return only("empty");
  present();
  stayAwake();
  compareClocks().catch(() => {});
}

function turn(by) {
  shown = (shown + by + passes.length) % passes.length;
  present();
}

$("accept").addEventListener("click", () => accept($("accept").dataset.token));
$("retry").addEventListener("click", begin);
$("back").addEventListener("click", () => {
  history.replaceState(null, "", location.pathname);
  present();
});
$("before").addEventListener("click", () => turn(-1));
$("after").addEventListener("click", () => turn(1));
$("paste").addEventListener("submit", (event) => {
  event.preventDefault();
  const found = /(?:#(link|visit)=|^)([\w-]{22})\s*$/.exec($("link").value.trim());
  if (!found) return refuse("malformed");
  location.hash = `#link=${found[2]}`;
});
addEventListener("hashchange", begin);
addEventListener("online", () => compareClocks().catch(() => {}));
document.addEventListener("visibilitychange", () => {
  stayAwake();
  tick();
  compareClocks().catch(() => {});
});
setInterval(tick, TICK_MS);
setInterval(() => compareClocks().catch(() => {}), CLOCK_EVERY_MS);
navigator.serviceWorker?.register(settings.worker).catch(() => {});
begin();
