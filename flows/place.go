package flows

// Place is where something stands in the workspace: lines and columns count from 1, columns in runes.
type Place struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Col  int    `json:"col"`
}

// Severity says whether a problem stops a workspace from being used.
type Severity string

// The two severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Problem is one thing that is wrong in a workspace, with its place and, where there is one, a hint at the mend.
type Problem struct {
	Place
	Severity Severity `json:"severity"`
	Rule     string   `json:"rule"`    // stable name of what was checked: unknown-field, duplicate-id …
	Message  string   `json:"message"` // one sentence, lower case, without the place
	Hint     string   `json:"hint"`
	Path     string   `json:"path"` // an example in plain words: goal = demo → size = 250 → meet; "" where there is none
	Source   string   `json:"-"`    // the line it stands on, for the caret
}

// Problems is everything that is wrong, in the order of files and lines. As an error it prints all of them.
type Problems []Problem
