// Runs before the first paint: the chosen look, and straight home on a device that holds a vault.
(function () {
  var root = document.documentElement;
  try {
    var theme = localStorage.getItem('mana.theme');
    if (theme) root.dataset.theme = theme;
    var palette = localStorage.getItem('mana.palette');
    if (palette) root.dataset.palette = palette;
    var size = localStorage.getItem('mana.textSize');
    if (size) root.dataset.textSize = size;
    if (location.pathname === '/' && localStorage.getItem('mana.here') && location.search !== '?about') location.replace('/s/personal');
  } catch {
    // Storage is switched off: the defaults are fine.
  }
})();
