// Shows the codes of a card one at a time, each long enough for a kiosk's camera.
"use strict";

const EVERY_MS = 1500;

const list = document.getElementById("parts");
const button = document.getElementById("turning");
const parts = [...list.children];
let shown = 0;
let timer = null;

function turn() {
  parts.forEach((part, number) => { part.hidden = number !== shown; });
  shown = (shown + 1) % parts.length;
}

function start() {
  turn();
  timer = setInterval(turn, EVERY_MS);
  button.textContent = button.dataset.pause;
}

function stop() {
  clearInterval(timer);
  timer = null;
  parts.forEach((part) => { part.hidden = false; });
  button.textContent = button.dataset.turn;
}

button.addEventListener("click", () => (timer === null ? start() : stop()));
button.hidden = false;
start();
