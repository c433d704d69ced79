// Fetches the page again and puts its live part in place of the old one.
"use strict";

const EVERY_MS = 5000;

async function refresh() {
  const old = document.getElementById("live");
  if (document.hidden || old.contains(document.activeElement)) return;
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (answer.redirected) return location.reload();
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("live");
  if (fresh && fresh.innerHTML !== old.innerHTML) old.replaceWith(fresh);
}

// While the hub is out of reach the page keeps what it shows.
setInterval(() => refresh().catch(() => {}), EVERY_MS);
