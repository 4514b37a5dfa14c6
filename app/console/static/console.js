// Keeps what is marked `data-live` up to date: the page is asked for again, and the parts that differ are replaced.
// Without this script a reload does the same.
"use strict";

const EVERY = 5000; // milliseconds between two looks
const LONGEST = 60000; // after failures
const SILENT = "omniats-live-off"; // kept for the tab
let wait = EVERY;
let timer = 0;

const parts = () => [...document.querySelectorAll("[data-live]")];
const isOn = () => sessionStorage.getItem(SILENT) === null;

// A part that somebody is in, or has marked text of, stays as it is until they leave it.
function isUsed(part) {
  const marked = getSelection();
  return part.contains(document.activeElement) || (!marked.isCollapsed && marked.containsNode(part, true));
}

function replace(next) {
  for (const part of parts()) {
    const fresh = next.getElementById(part.id);
    if (!fresh || fresh.isEqualNode(part)) continue;
    if (isUsed(part)) continue;
    const open = [...part.querySelectorAll("details[open]")].map((details) => details.id);
    part.replaceWith(fresh);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  }
}

async function look() {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
    if (answer.redirected) return location.assign(answer.url); // signed out meanwhile
    if (!answer.ok) throw new Error(String(answer.status));
    replace(new DOMParser().parseFromString(await answer.text(), "text/html"));
    wait = EVERY;
    say(`updated ${new Date().toLocaleTimeString()}`);
  } catch {
    wait = Math.min(wait * 2, LONGEST);
    say("no connection");
  }
  plan();
}

function plan() {
  clearTimeout(timer);
  if (isOn() && document.visibilityState === "visible") timer = setTimeout(look, wait);
}

function say(text) {
  document.getElementById("live-state").textContent = text;
}

function show() {
  const button = document.getElementById("live-switch");
  button.setAttribute("aria-pressed", String(isOn()));
  if (!isOn()) say("paused");
}

function start() {
  if (!parts().length) return;
  document.getElementById("live").hidden = false;
  document.getElementById("live-switch").addEventListener("click", () => {
    if (isOn()) sessionStorage.setItem(SILENT, "1");
    else sessionStorage.removeItem(SILENT);
    say("");
    show();
    plan();
  });
  document.addEventListener("visibilitychange", plan);
  show();
  plan();
}

start();
