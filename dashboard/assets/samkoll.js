/* What must happen in the browser: the document's title, where focus goes, and the charts' colour scheme. */
/* A refusal (403) or a missing page (404) carries what is to be shown: let the page show it. */
(function () {
  var answered = window.fetch;
  window.fetch = function (asked) {
    var isCallback = String((asked && asked.url) || asked).indexOf("/_dash-update-component") >= 0;
    var answer = answered.apply(this, arguments);
    return isCallback ? answer.then(shown) : answer;
  };
  function shown(answer) {
    var isJson = (answer.headers.get("Content-Type") || "").indexOf("application/json") === 0;
    return answer.status >= 400 && isJson ? new Response(answer.body, { status: 200, headers: answer.headers }) : answer;
  }
})();

window.dash_clientside = Object.assign({}, window.dash_clientside, {
  samkoll: {
    entitle: function (title) {
      if (title) {
        var isFirst = !document.body.dataset.shown;
        var isNew = document.title !== title;
        document.title = title;
        document.body.dataset.shown = "yes";
        var choosing = document.activeElement && document.activeElement.id.indexOf("choice-") === 0;
        if (!isFirst && isNew && !choosing) {
          document.getElementById("main").focus({ preventScroll: true });
          window.scrollTo(0, 0);
        }
      }
      return window.dash_clientside.no_update;
    },
    paint: function (scheme, figures) {
      /* The switch tells its state only once it has been used; the root element always knows. */
      var now = document.documentElement.dataset.mantineColorScheme;
      if (window.dash_clientside.callback_context.triggered_id === "scheme" && scheme) {
        now = scheme;
      }
      return figures ? figures[now === "dark" ? "dark" : "light"] : window.dash_clientside.no_update;
    },
  },
});
