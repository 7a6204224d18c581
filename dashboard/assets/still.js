/* Draws what only stands there (dashboard/still.py): trees of [tag, attributes, ...children], without Dash's wrapping of
   every element. A "Link" leads to another page of ours without loading it anew, as Dash's own links do. */
window.samkoll = (function () {
  var draw = window.React.createElement;

  function go(event) {
    if (!event.metaKey && !event.shiftKey && !event.altKey && !event.ctrlKey) {
      event.preventDefault();
      window.history.pushState({}, "", event.currentTarget.getAttribute("href"));
      window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
      window.scrollTo(0, 0);
    }
  }

  function drawn(node) {
    if (!Array.isArray(node)) {
      return node;
    }
    var isLink = node[0] === "Link";
    var attributes = node[1];
    if (attributes.href !== undefined) {
      attributes = Object.assign({}, attributes, { href: window.dash_clientside.clean_url(attributes.href) });
    }
    if (isLink) {
      attributes.onClick = go;
    }
    return draw.apply(null, [isLink ? "a" : node[0], attributes].concat(node.slice(2).map(drawn)));
  }

  function Still(props) {
    return draw.apply(null, [window.React.Fragment, null].concat(props.content.map(drawn)));
  }

  return { Still: Still };
})();
