// The printed sheet: map and legend fitted to one A4 landscape page, the table opened after them.

function printing(starts) {
  document.body.classList.toggle("printing", starts);
  document.getElementById("figures-details").open = starts || STATE.wasOpen === true;
  MAP.invalidateSize({ animate: false, pan: true });
}

function followPrinting() {
  window.addEventListener("beforeprint", () => {
    STATE.wasOpen = document.getElementById("figures-details").open;
    STATE.view = [MAP.getBounds(), MAP.getCenter(), MAP.getZoom()];
    MAP.closePopup();
    printing(true);
    const whole = STATE.view[0].contains(DATA.bounds);
    MAP.fitBounds(whole ? DATA.bounds : STATE.view[0], { animate: false });
    const { drawn } = STATE.layers.find((layer) => layer.name === "points");
    if (drawn) drawn[0].drawWaiting();
  });
  window.addEventListener("afterprint", () => {
    printing(false);
    MAP.setView(STATE.view[1], STATE.view[2], { animate: false });
  });
}
