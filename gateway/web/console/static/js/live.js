// The mark that says whether what one sees is of now, and how old it is if it is not.
//
// The server sends a beat each few seconds while it can read what it shows. A tab that nobody looks
// at lets its connection go after a while: a browser has but six for a site.
"use strict";
(function () {
  const LATE = 12000; // ms without a beat after which what one sees is called old
  const HIDDEN = 30000; // ms that a tab is out of sight until it lets go
  const sources = new Set();
  const shown = new WeakMap();
  let seen = 0;
  let letting = 0;

  htmx.createEventSource = function (url) {
    const source = new EventSource(url);
    sources.forEach((old) => old.readyState === EventSource.CLOSED && sources.delete(old));
    sources.add(source);
    source.addEventListener("error", () => source.readyState === EventSource.CLOSED && askWho());
    source.addEventListener("beat", function () {
      seen = Date.now();
      mark();
    });
    return source;
  };

  // A stream that is refused may say that nobody is signed in any more: then the page says it, too.
  function askWho() {
    if (document.hidden) return;
    fetch("/help", { redirect: "manual" })
      .then((answer) => answer.type === "opaqueredirect" && location.reload())
      .catch(() => {});
  }

  function span(ms) {
    const s = Math.round(ms / 1000);
    if (s < 60) return `${s} s`;
    return s < 3600 ? `${Math.floor(s / 60)} min` : `${Math.floor(s / 3600)} h`;
  }

  function mark() {
    const place = document.getElementById("live");
    if (!place) return;
    const age = Date.now() - seen;
    const state = !seen ? "wait" : age < LATE ? "live" : "lost";
    const text = { wait: "Connecting", live: "Live", lost: `Lost · ${span(age)} old` }[state];
    if (place.textContent !== text) place.textContent = text;
    place.dataset.state = state;
  }

  // What has not changed is not drawn again: nothing that somebody points at goes away for nothing.
  document.addEventListener("htmx:sseBeforeMessage", function (event) {
    const text = event.detail.data;
    if (shown.get(event.target) === text) event.preventDefault();
    shown.set(event.target, text);
  });

  function letGo() {
    sources.forEach((source) => source.close());
  }

  function comeBack() {
    sources.forEach(function (source) {
      // The extension opens another one when it is told of an error of one that is closed.
      if (source.readyState === EventSource.CLOSED) source.dispatchEvent(new Event("error"));
    });
  }

  document.addEventListener("visibilitychange", function () {
    clearTimeout(letting);
    if (document.hidden) letting = setTimeout(letGo, HIDDEN);
    else comeBack();
  });

  setInterval(mark, 1000);
})();
