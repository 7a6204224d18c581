/* The first script of the page. The browser refuses styles in line; libraries make some as they run. What scripts may do
   by other ways is led there: a style element carries the answer's nonce, and a style attribute that is set becomes
   rules of the element. Styles in markup stay refused. */
(function () {
  var nonce = document.currentScript.nonce;
  var create = Document.prototype.createElement;
  var set = Element.prototype.setAttribute;
  Document.prototype.createElement = function (name) {
    var made = create.apply(this, arguments);
    if (String(name).toLowerCase() === "style") {
      made.nonce = nonce;
    }
    return made;
  };
  Element.prototype.setAttribute = function (name, value) {
    if (String(name).toLowerCase() === "style" && this.style) {
      this.style.cssText = value;
    } else {
      set.apply(this, arguments);
    }
  };
})();
