package terminal

import (
	"context"
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"usher/bot/rehearse"
	"usher/flows"
)

// onScreen talks on a terminal: finished lines scroll up and stay, the open question and the input stand below.
func (c *ChatCommand) onScreen(ctx context.Context, w *World, t *talk, visit flows.Visit) error {
	s := &screen{talk: t, visit: visit, style: styleOf(w.Stdout), width: 80}
	_, err := tea.NewProgram(s, tea.WithContext(ctx), tea.WithInput(w.Stdin), tea.WithOutput(w.Stdout)).Run()
	if errors.Is(err, tea.ErrInterrupted) || errors.Is(err, tea.ErrProgramKilled) {
		err = nil
	}
	return errors.Join(err, s.err)
}

// screen is the model of the terminal chat.
type screen struct {
	talk   *talk
	visit  flows.Visit
	style  style
	width  int
	input  []rune
	ask    *rehearse.AskLine
	choice int // of ask's options, from 0; -1 = none
	err    error
}

type secondPassed struct{}

// every is how often the screen looks whether silence has become an input.
const every = time.Second

func second() tea.Cmd {
	return tea.Tick(every, func(time.Time) tea.Msg { return secondPassed{} })
}

// Init opens the conversation.
func (s *screen) Init() tea.Cmd {
	lines, err := s.talk.begin(s.visit)
	return tea.Batch(s.took(lines, err), second())
}

// Update takes keys, sizes and time.
func (s *screen) Update(m tea.Msg) (tea.Model, tea.Cmd) {
	switch m := m.(type) {
	case tea.WindowSizeMsg:
		s.width = max(20, m.Width)
	case tea.PasteMsg:
		s.input = append(s.input, []rune(strings.ReplaceAll(m.Content, "\n", " "))...)
	case secondPassed:
		lines, err := s.talk.lapse()
		return s, tea.Batch(s.took(lines, err), second())
	case tea.KeyPressMsg:
		return s, s.key(m)
	}
	return s, nil
}

func (s *screen) key(k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "ctrl+c", "ctrl+d":
		return tea.Quit
	case "enter":
		return s.enter()
	case "backspace":
		s.input = s.input[:max(0, len(s.input)-1)]
	case "ctrl+u":
		s.input = nil
	case "up", "shift+tab":
		s.move(-1)
	case "down", "tab":
		s.move(1)
	default:
		return s.letter(k)
	}
	return nil
}

// letter types; a digit alone chooses an option at once.
func (s *screen) letter(k tea.KeyPressMsg) tea.Cmd {
	text := k.Text
	if n := strings.Index("123456789", text); text != "" && n >= 0 && len(s.input) == 0 && n < s.options() && s.options() < 10 {
		s.choice = n
		return s.enter()
	}
	s.input = append(s.input, []rune(text)...)
	return nil
}

func (s *screen) options() int {
	if s.ask == nil {
		return 0
	}
	return len(s.ask.Options)
}

func (s *screen) move(by int) {
	switch n := s.options(); {
	case n == 0:
	case s.choice < 0 && by < 0:
		s.choice = n - 1
	case s.choice < 0:
		s.choice = 0
	default:
		s.choice = (s.choice + by + n) % n
	}
}

// enter says what is typed, or chooses what is marked.
func (s *screen) enter() tea.Cmd {
	text := strings.TrimSpace(string(s.input))
	s.input = nil
	switch {
	case text == "/quit":
		return tea.Quit
	case text != "":
		return tea.Sequence(s.echo(text), s.took(s.talk.say(text)))
	case s.choice >= 0 && s.choice < s.options():
		o := s.ask.Options[s.choice]
		return tea.Sequence(s.echo(o.Label), s.took(s.talk.choose(o.Value)))
	}
	return nil
}

// echo shows the visitor's words, to the right.
func (s *screen) echo(text string) tea.Cmd {
	var out []string
	for _, l := range wrap(text, s.bubble()) {
		out = append(out, strings.Repeat(" ", max(0, s.width-len([]rune(l))-3))+s.style.blue(l)+" "+s.style.blue("▐"))
	}
	return tea.Println(strings.Join(out, "\n"))
}

func (s *screen) bubble() int { return max(16, min(s.width*3/4, 76)) }

// took shows the answers and keeps the open question.
func (s *screen) took(lines []rehearse.Line, err error) tea.Cmd {
	var out []string
	switch {
	case isMisuse(err):
		out = append(out, s.style.red("  "+err.Error()))
	case err != nil:
		s.err = err
		return tea.Quit
	}
	for _, l := range lines {
		out = append(out, s.line(l)...)
	}
	if len(out) == 0 {
		return nil
	}
	return tea.Println(strings.Join(out, "\n"))
}

// line shows one line of the chat: bubbles for words, faint notes for the rest.
func (s *screen) line(line rehearse.Line) (out []string) {
	switch l := line.(type) {
	case rehearse.MessageLine:
		for _, text := range wrap(l.Text, s.bubble()) {
			out = append(out, s.style.green("▌")+" "+text)
		}
		s.ask, s.choice = l.Ask, -1
		return out
	case rehearse.EndLine:
		s.ask = nil
	}
	for _, text := range words(line) {
		out = append(out, s.style.faint("  "+text))
	}
	return out
}

// View is the open question's options, the input and what can be done.
func (s *screen) View() tea.View {
	var b strings.Builder
	if s.ask != nil {
		for i, text := range choices(s.ask) {
			if i == s.choice {
				text = s.style.bold(s.style.green("›" + text[1:]))
			}
			b.WriteString(text + "\n")
		}
	}
	b.WriteString("> " + string(s.input) + s.style.faint("▏") + "\n")
	r := s.talk.session.Conversation.Score
	b.WriteString(s.style.faint("  " + strings.TrimSpace(r.Grade+" "+number(r.Score)) + " · /score · /wait 2m · /quit"))
	return tea.NewView(b.String())
}
