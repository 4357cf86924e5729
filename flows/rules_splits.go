package flows

var splitChecks = []Check{
	{
		"split-of-split", Error, "A flow in a split has a split of its own.",
		"A visitor would be divided twice, and no count could tell which of the two made the difference.",
		"split: { book-a-demo: 50, book-short: 50 }        # and in book-short.yaml\nsplit: { book-short: 50, book-shortest: 50 }",
		"split: { book-a-demo: 50, book-short: 25, book-shortest: 25 }",
	},
	{
		"lonely-split", Warning, "A split has one flow.",
		"Every visitor gets it, so nothing is compared.",
		"split: { book-a-demo: 100 }",
		"split: { book-a-demo: 50, book-short: 50 }",
	},
}
