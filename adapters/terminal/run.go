package terminal

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"usher/bot"
)

const description = `Meets website visitors, learns what a rep needs to know, and books the meeting.

  usher                                  a working demo on http://127.0.0.1:8080
  usher chat acme                        talk to the flow in the folder acme
  usher check acme && usher stories acme prove it before a visitor meets it`

// exit ends the parse when kong has answered --help.
type exit int

// Run parses the arguments by the grammar (a pointer to a struct with Commands embedded), runs the command and gives
// the exit code: 0 fine, 1 the answer is no or the work did not succeed, 2 wrong use.
func Run(ctx context.Context, grammar any, w *World, args []string, options ...kong.Option) (code int) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case exit:
			code = int(r)
		default:
			panic(r)
		}
	}()
	options = append([]kong.Option{
		kong.Name("usher"), kong.Description(description), kong.Writers(w.Stdout, w.Stderr),
		kong.Exit(func(code int) { panic(exit(code)) }),
		kong.Bind(w), kong.BindTo(ctx, (*context.Context)(nil)), kong.BindTo(w.Stdout, (*io.Writer)(nil)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, WrapUpperBound: 110}),
		kong.Vars{"scopes": strings.Join(bot.Scopes, ", ")},
	}, options...)
	if err := readVariables(); err != nil {
		p := printer{out: w.Stderr}
		p.printf("usher: %v\n", err)
		return 2
	}
	parser, err := kong.New(grammar, options...)
	if err != nil {
		panic(err) // the grammar itself is wrong: a programmer's mistake, found by the first test
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		p := printer{out: w.Stderr}
		p.printf("usher: %v\nusher: try %s\n", err, help(parser, args))
		return 2
	}
	return w.code(parsed.Run())
}

// help is the command that explains what was mistyped.
func help(parser *kong.Kong, args []string) string {
	for _, c := range parser.Model.Children {
		if len(args) > 0 && args[0] == c.Name {
			return "usher " + c.Name + " --help"
		}
	}
	return "usher --help"
}

// code makes an exit code of how the command ended, and says what is not yet said.
func (w *World) code(err error) int {
	if err == nil {
		return 0
	}
	if text := err.Error(); text != "" {
		p := printer{out: w.Stderr}
		p.printf("usher: %s\n", text)
	}
	var coded interface{ ExitCode() int }
	if errors.As(err, &coded) {
		return coded.ExitCode()
	}
	return 1
}
