// Starts reveal.js with the deck's settings.
"use strict";

const settings = JSON.parse(document.getElementById("settings").textContent);

Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0,
  maxScale: 4,
  center: false,
  display: "flex",
  hash: true,
  controls: false,
  progress: true,
  slideNumber: "c",
  transition: "none",
  backgroundTransition: "none",
  pdfSeparateFragments: false,
  pdfMaxPagesPerSlide: 1,
  plugins: [RevealNotes],
  ...settings,
}).then(() => {
  // reveal.js declares itself an application, which takes a screen reader's own keys away (reveal.js issue 3772)
  document.querySelector(".reveal").removeAttribute("role");
});
