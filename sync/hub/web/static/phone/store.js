// What the phone keeps: passes with their keys, and keys whose link is still being opened.
// A key is kept as the browser's own object: no script, this one included, can read it out.

const NAME = "gapura";
const VERSION = 1;

function promised(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function open() {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("passes", { keyPath: "cti" });
    request.result.createObjectStore("pending", { keyPath: "token" });
  };
  return promised(request);
}

async function within(names, mode, work) {
  const database = await open();
  try {
    const transaction = database.transaction(names, mode);
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    const result = await work(transaction);
    await done;
    return result;
  } finally {
    database.close();
  }
}

export function passes() {
  return within(["passes"], "readonly", (to) => promised(to.objectStore("passes").getAll()));
}

export async function pending() {
  const all = await within(["pending"], "readonly", (to) => promised(to.objectStore("pending").getAll()));
  return all[0];
}

/** Return the keys that were made for this link, made now if there are none yet. */
export async function keysFor(token) {
  const kept = await within(["pending"], "readonly", (to) => promised(to.objectStore("pending").get(token)));
  if (kept) return kept.keys;
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  await within(["pending"], "readwrite", (to) => promised(to.objectStore("pending").put({ token, keys })));
  return keys;
}

/** Keep a pass in the place of those that it replaces, and forget its link: all or nothing. */
export function keep(token, pass, replaces) {
  return within(["passes", "pending"], "readwrite", (to) => {
    for (const cti of replaces) to.objectStore("passes").delete(cti);
    to.objectStore("pending").delete(token);
    return promised(to.objectStore("passes").put(pass));
  });
}

export function forgetLink(token) {
  return within(["pending"], "readwrite", (to) => promised(to.objectStore("pending").delete(token)));
}

export function forgetPass(cti) {
  return within(["passes"], "readwrite", (to) => promised(to.objectStore("passes").delete(cti)));
}
