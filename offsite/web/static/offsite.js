// Makes the components move, and a live page renew itself. Everything works without it.
import { initAll } from "/static/govuk/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

const live = document.querySelector("[data-live]");
if (live && "EventSource" in window) {
  document.querySelectorAll("meta[http-equiv=refresh]").forEach((meta) => meta.remove());
  const events = new EventSource(live.dataset.live);
  let first = true;
  events.onmessage = async (event) => {
    const found = JSON.parse(event.data);
    if (!found) { window.location.reload(); return; }
    if (!first || JSON.stringify(found) !== live.dataset.mark) {
      const focused = document.activeElement ? document.activeElement.id : "";
      const answer = await fetch(window.location.href, { credentials: "same-origin" });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
      if (fresh) { live.replaceChildren(...fresh.childNodes); }
      if (focused && document.getElementById(focused)) { document.getElementById(focused).focus(); }
    }
    first = false;
    if (found.critical > 0) { sound(); document.title = "(" + found.critical + ") " + document.title.replace(/^\(\d+\) /, ""); }
  };
}

function sound() {
  try {
    const context = new AudioContext();
    [0, 0.4, 0.8].forEach((at) => {
      const tone = context.createOscillator();
      tone.frequency.value = 880;
      tone.connect(context.destination);
      tone.start(context.currentTime + at);
      tone.stop(context.currentTime + at + 0.25);
    });
  } catch { /* a browser that forbids sound still shows the alert */ }
}
