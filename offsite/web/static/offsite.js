// Makes the components move, and a live page renew itself. Everything works without it.
import { initAll } from "/static/govuk/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

const REMIND_EVERY = 60000;
// Draws the page anew when something on it changed, and sounds while critical alerts are unacknowledged.
function keepLive(page) {
  document.querySelectorAll("meta[http-equiv=refresh]").forEach((meta) => meta.remove());
  const bell = new Bell(document.querySelector("[data-sound]"));
  const title = document.title;
  let shown = page.dataset.mark;
  const events = new EventSource(page.dataset.live);
  events.onmessage = async (event) => {
    const found = JSON.parse(event.data);
    if (!found) { window.location.reload(); return; }
    document.title = found.critical > 0 ? `(${found.critical}) ${title}` : title;
    bell.ring(found.critical > 0);
    if (event.data.replaceAll(" ", "") !== shown.replaceAll(" ", "")) { await redraw(page); }
    shown = event.data;
  };
}

// Replaces what the page shows, and leaves the keyboard where it was.
async function redraw(page) {
  const focused = document.activeElement?.id;
  const answer = await fetch(window.location.href, { credentials: "same-origin" });
  if (answer.redirected) { window.location.reload(); return; }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
  if (fresh) { page.replaceChildren(...fresh.childNodes); }
  if (focused) { document.getElementById(focused)?.focus(); }
}

// Three tones, again every minute for as long as it rings. Where the browser forbids sound, a button asks for it.
class Bell {
  constructor(button) {
    this.button = button;
    this.context = new AudioContext();
    this.again = null;
    if (!button) { return; }
    button.addEventListener("click", () => this.context.resume());
    this.context.addEventListener("statechange", () => this.say());
    setTimeout(() => this.say(), 500);
  }

  say() { this.button.hidden = this.context.state === "running"; }

  ring(on) {
    clearInterval(this.again);
    this.again = on ? setInterval(() => this.sound(), REMIND_EVERY) : null;
    if (on) { this.sound(); }
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
