package flows

// makeReplies makes the texts that reps give often. They are said as they are: a label, not a sentence with
// expressions, for a rep sends what was written.
func makeReplies(shape table[words], g tongue) map[string]Text {
	replies := make(map[string]Text, len(shape.rows))
	for _, row := range shape.rows {
		if !idPattern.MatchString(row.name) {
			row.key.wrong("bad-id", "use a-z, 0-9, _ and -, at most 63", "%q cannot be a name", row.name)
			continue
		}
		replies[row.name] = g.label(row.value)
	}
	return replies
}
