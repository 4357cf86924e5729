// The chat is what this page is for: it opens as soon as the widget is there.
(window.Usher = window.Usher || []).push(["open"]);
