package terminal

import (
	"encoding/xml"
	"fmt"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"usher/bot/rehearse"
)

// JUnit XML as GitLab and Jenkins read it: one suite, a case a story.
type (
	junitSuites struct {
		XMLName  xml.Name `xml:"testsuites"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Time     string   `xml:"time,attr"` // seconds
		Suite    junitSuite
	}
	junitSuite struct {
		XMLName  xml.Name `xml:"testsuite"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Errors   int      `xml:"errors,attr"`
		Skipped  int      `xml:"skipped,attr"`
		Time     string   `xml:"time,attr"`
		Cases    []junitCase
	}
	junitCase struct {
		XMLName xml.Name      `xml:"testcase"`
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr"`
		Line    int           `xml:"line,attr"`
		Failure *junitFailure `xml:"failure,omitempty"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit writes the results of all stories, which took so long together.
func writeJUnit(file string, results []rehearse.Result, took time.Duration) error {
	seconds := fmt.Sprintf("%.3f", took.Seconds())
	suite := junitSuite{Name: "stories", Tests: len(results), Time: seconds}
	for _, r := range results {
		c := junitCase{Name: plainXML(r.Story.Name), Class: plainXML(r.Flow), File: r.Story.Place.File, Line: r.Story.Place.Line}
		if r.Failed != "" {
			suite.Failures++
			first, _, _ := strings.Cut(r.Failed, "\n")
			c.Failure = &junitFailure{Message: plainXML(first), Type: "differs", Text: plainXML(r.Failed + "\n\n" + transcript(r))}
		}
		suite.Cases = append(suite.Cases, c)
	}
	data, err := xml.MarshalIndent(junitSuites{Tests: suite.Tests, Failures: suite.Failures, Time: seconds, Suite: suite}, "", "  ")
	if err == nil {
		err = os.WriteFile(file, append([]byte(xml.Header), append(data, '\n')...), 0o644)
	}
	if err != nil {
		return fmt.Errorf("write the JUnit file: %w", err)
	}
	return nil
}

// transcript is a conversation with the lines that differ marked.
func transcript(r rehearse.Result) string {
	lines := make([]string, len(r.Lines))
	for i, l := range r.Lines {
		lines[i] = "  " + l
	}
	for _, i := range r.Differs {
		lines[i] = "> " + r.Lines[i]
	}
	return strings.Join(lines, "\n")
}

// plainXML leaves out what XML 1.0 cannot hold.
func plainXML(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' || r == utf8.RuneError || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, s)
}
