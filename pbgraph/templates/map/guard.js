(function () {
  "use strict";
  // Says one sentence where the browser cannot show the page at all.
  var data = JSON.parse(document.getElementById("data").textContent);
  if (typeof Promise === "undefined" || typeof Map === "undefined" || !document.body.closest) {
    var message = document.getElementById("message");
    message.textContent = data.captions.too_old;
    message.hidden = false;
  }
})();
