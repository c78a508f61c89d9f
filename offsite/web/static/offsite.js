// Makes the components move, and a live page renew itself. Everything works without it.
import { initAll } from "/static/govuk/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

const REMIND_EVERY = 60000;
const LISTEN_AGAIN_AFTER = 60000;

// Draws the page anew when something on it changed, sounds while critical alerts are unacknowledged, and says so when it cannot.
function keepLive(page) {
  const bell = new Bell(document.querySelector("[data-sound]"));
  const lost = document.querySelector("[data-lost]");
  const title = document.title;
  let shown = page.dataset.mark;
  const hear = async (event) => {
    const found = JSON.parse(event.data);
    if (!found) { window.location.reload(); return; }
    document.title = found.critical > 0 ? `(${found.critical}) ${title}` : title;
    bell.ring(found.critical);
    if (event.data.replaceAll(" ", "") === shown.replaceAll(" ", "") || await redraw(page)) { shown = event.data; }
  };
  const listen = () => {
    const events = new EventSource(page.dataset.live);
    events.onmessage = hear;
    events.onopen = () => { lost.hidden = true; };
    events.onerror = () => {
      lost.hidden = false;
      // A refused stream is not opened again by the browser.
      if (events.readyState === EventSource.CLOSED) { setTimeout(listen, LISTEN_AGAIN_AFTER); }
    };
  };
  listen();
}

// Asks for the page as it is now, and whether that was got; leaves the keyboard where it was.
async function redraw(page) {
  try {
    const answer = await fetch(window.location.href, { credentials: "same-origin" });
    if (answer.redirected) { window.location.reload(); return false; }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
    if (!fresh) { return false; }
    const focused = document.activeElement;
    renew(page, fresh);
    if (focused?.isConnected && focused !== document.activeElement) { focused.focus(); }
    return true;
  } catch {
    return false;
  }
}

// Makes part of the page like a fresh copy, touching only what differs: what is focused, typed or being read stays.
function renew(old, fresh) {
  if (old.isEqualNode(fresh)) { return; }
  if (!(old instanceof Element)) { old.nodeValue = fresh.nodeValue; return; }
  for (const name of old.getAttributeNames()) {
    if (!fresh.hasAttribute(name) && !name.startsWith("data-govuk-")) { old.removeAttribute(name); }
  }
  fresh.getAttributeNames().forEach((name) => old.setAttribute(name, fresh.getAttribute(name)));
  const left = [...old.childNodes];
  const wanted = [...fresh.childNodes].map((child) => {
    const at = left.findIndex((node) => nameOf(node) === nameOf(child));
    if (at < 0) { return child; }
    const [kept] = left.splice(at, 1);
    renew(kept, child);
    return kept;
  });
  left.forEach((node) => node.remove());
  wanted.forEach((child, at) => { if (old.childNodes[at] !== child) { old.insertBefore(child, old.childNodes[at] ?? null); } });
}

// What something goes by among its neighbours: its id; a row or an entry of a list, what it links to first; else its kind.
function nameOf(node) {
  const link = /^(TR|LI)$/.test(node.nodeName) ? node.querySelector("a[href]")?.getAttribute("href") : null;
  return node.getAttribute?.("id") || link || node.nodeName;
}

// Three tones, again every minute for as long as it rings. Where the browser forbids sound, a button asks for it.
class Bell {
  constructor(button) {
    this.button = button;
    this.context = new AudioContext();
    this.again = null;
    this.critical = 0;
    if (!button) { return; }
    button.addEventListener("click", () => this.context.resume());
    this.context.addEventListener("statechange", () => this.say());
    setTimeout(() => this.say(), 500);
  }

  say() { this.button.hidden = this.context.state === "running"; }

  // At once where there are more than before, else with the minute.
  ring(critical) {
    if (critical > this.critical) { this.sound(); }
    if (critical > 0) { this.again ??= setInterval(() => this.sound(), REMIND_EVERY); }
    if (critical === 0) { clearInterval(this.again); this.again = null; }
    this.critical = critical;
  }

  sound() {
    [0, 0.4, 0.8].forEach((at) => {
      const tone = this.context.createOscillator();
      tone.frequency.value = 880;
      tone.connect(this.context.destination);
      tone.start(this.context.currentTime + at);
      tone.stop(this.context.currentTime + at + 0.25);
    });
  }
}

const live = document.querySelector("[data-live]");
if (live && "EventSource" in window) { keepLive(live); }
