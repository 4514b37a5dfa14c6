// The link page: shows the next step without leaving the page, and tells the page that embeds this one.
"use strict";

const embedder = window.parent !== window ? window.parent : window.opener;
const PATIENCE = 1500; // milliseconds between two looks at what happens in the vendor's window
let waiting = 0; // the timer while it is open

const page = () => document.getElementById("page");
const say = (text) => (document.getElementById("status").textContent = text);

function tell(event, origin, more = {}) {
  if (embedder && origin) embedder.postMessage({ source: "omniats", event, ...more }, origin);
}

// Forms of this page are sent in the background: no history is made that would ask to send them again.
async function send(action, form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  const answer = await fetch(action, { method: "POST", body, credentials: "same-origin" });
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function advance(form, submitter) {
  if (page().getAttribute("aria-busy")) return;
  const secrets = [...page().querySelectorAll(".reveal")].map(controlled).map((input) => [input.id, input.value]);
  page().setAttribute("aria-busy", "true");
  say(form.dataset.busy || "");
  try {
    show(await send(form.action, form, submitter));
    for (const [id, value] of secrets) {
      const input = document.getElementById(id); // still there when something was wrong
      if (input) input.value = value;
    }
    say("");
  } catch {
    page().removeAttribute("aria-busy");
    say(document.body.dataset.offline);
  }
}

function show(next) {
  clearInterval(waiting);
  document.title = next.title;
  document.documentElement.lang = next.documentElement.lang;
  page().replaceWith(next.getElementById("page"));
  entered();
}

function focus() {
  const places = ["[aria-invalid=true]", "[role=alert]", "h1"];
  const target = places.map((place) => page().querySelector(place)).find(Boolean);
  if (target) target.focus();
}

// What a step needs once it is there.
function entered() {
  const { event, origin, publicToken } = page().dataset;
  for (const button of page().querySelectorAll(".reveal")) button.hidden = false;
  if (document.hasFocus() || event !== "ready") focus();
  if (event === "invalid") tell(event, origin, { detail: page().innerText.trim() });
  else if (event) tell(event, origin, publicToken ? { publicToken } : {});
  if (event === "returned") window.close();
}

const controlled = (button) => document.getElementById(button.getAttribute("aria-controls"));

function reveal(button) {
  const input = controlled(button);
  const shown = input.type === "password";
  input.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
  button.textContent = shown ? document.body.dataset.hide : document.body.dataset.show;
}

function search(text) {
  const wanted = text.trim().toLowerCase();
  const items = [...document.querySelectorAll("#integrations li")];
  for (const item of items) item.hidden = !item.textContent.toLowerCase().includes(wanted);
  const count = items.filter((item) => !item.hidden).length;
  document.getElementById("nothing").hidden = count > 0;
  say(document.body.dataset.found.replace("{count}", count));
}

// The vendor's page refuses to be embedded: it gets a window of its own, and this page looks what comes of it.
function wait() {
  const template = document.getElementById("waiting");
  page().querySelector(".choice").replaceWith(template.content.cloneNode(true));
  page().querySelector(".waiting h2").focus();
  const form = document.getElementById("waited");
  waiting = setInterval(async () => {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch("/link/state", { method: "POST", body }).catch(() => null);
    if (answer && (!answer.ok || (await answer.json()).state !== "open")) advance(form);
  }, PATIENCE);
}

function leave(form) {
  if (!form.elements.origin.value) return; // in this window
  form.target = "_blank";
  setTimeout(wait); // after the form has been sent
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if ("leaves" in form.dataset) return leave(form);
  event.preventDefault();
  advance(form, event.submitter);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest(".reveal");
  if (button) reveal(button);
});
document.addEventListener("input", (event) => {
  if (event.target.id === "search") search(event.target.value);
});

function begin() {
  const first = document.getElementById("first");
  if (!first) return entered();
  const [token, ...rest] = location.hash.slice(1).split("&");
  const more = new URLSearchParams(rest.join("&"));
  const origin = more.get("origin") || "";
  first.elements.link_token.value = token;
  first.elements.origin.value = origin;
  first.elements.popup.value = more.get("popup") || "";
  if (embedder && origin) {
    const close = () => tell("close", origin);
    document.body.classList.add("embedded");
    document.getElementById("close").hidden = false;
    document.getElementById("close").addEventListener("click", close);
    document.addEventListener("keydown", (event) => event.key === "Escape" && close());
  }
  if (token) advance(first);
  else document.getElementById("loading").textContent = document.body.dataset.noToken;
}

addEventListener("focus", () => document.activeElement === document.body && focus()); // shown only now
addEventListener("hashchange", () => location.reload());
begin();
