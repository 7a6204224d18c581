/* Scatter is in the core. */
const Plotly = require("plotly.js/lib/core");

Plotly.register([
  require("plotly.js/lib/bar"),
  require("plotly.js/lib/heatmap"),
  require("plotly.js/lib/sankey"),
  require("plotly.js/lib/locales/sv"),
]);
Plotly.setPlotConfig({ locale: "sv" });

module.exports = Plotly;
