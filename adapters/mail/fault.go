package mail

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/textproto"
	"regexp"
	"time"

	"usher/bot"
)

// What a server does not let us do, apart from its own words.
var (
	errLanes  = errors.New("as many letters are on their way as the server takes at once")
	errPlain  = errors.New("the connection is not encrypted: no password is sent over it")
	errNoWay  = errors.New("the server takes no way of signing in that is known here")
	errScript = errors.New("the mail server takes no address with letters outside of ASCII")
)

// Refusal is a letter that was not taken.
type Refusal struct {
	// Final says that this letter will never be taken; else it may be later.
	Final bool
	Code  int // the server's, 0 = it did not answer
	// Status is the enhanced one (RFC 3463), such as 5.1.1; "" = there was none.
	Status string
	Err    error
	phase  phase
}

func (r *Refusal) Error() string { return r.Err.Error() }

// Unwrap gives the cause.
func (r *Refusal) Unwrap() error { return r.Err }

// phase is how far we came.
type phase int

const (
	phaseDial   phase = iota // connecting, TLS, greetings
	phaseSignIn              // the password
	phaseSender              // MAIL FROM: who we are
	phaseLetter              // RCPT TO, DATA: this letter
	phaseLane                // nothing was tried
)

// refusal reads what the server said to this letter: 5xx is final, for it and nobody else. A server that says here that it
// wants a password says it to the operator.
func refusal(at phase, l Letter, err error) *Refusal {
	code := code(err)
	if code == 530 || code == 535 {
		return &Refusal{Code: code, phase: phaseSignIn, Err: err}
	}
	if code == 0 {
		return &Refusal{phase: at, Err: err}
	}
	text := said(err, l.To.Address)
	return &Refusal{Final: code >= 500, Code: code, Status: enhanced.FindString(text), phase: at, Err: fmt.Errorf("the mail server answered %d %s", code, text)}
}

// senderRefusal is a server that does not want us, whatever the letter: it may again when somebody has mended it.
func senderRefusal(l Letter, err error) *Refusal {
	r := refusal(phaseSender, l, err)
	r.Final = false
	return r
}

var enhanced = regexp.MustCompile(`^[245]\.[0-9]{1,3}\.[0-9]{1,3}\b`)

func code(err error) int {
	var answer *textproto.Error
	if errors.As(err, &answer) {
		return answer.Code
	}
	return 0
}

// maxWords is how much of a server's words is kept.
const maxWords = 300

// said is what the server said, as text of one line and without the person's address: it goes to logs and alerts.
func said(err error, address string) string {
	text := err.Error()
	var answer *textproto.Error
	if errors.As(err, &answer) {
		text = answer.Msg
	}
	text = line(text)
	if address = short(address, maxWords); address != "" { // a report may hold anything as the address
		text = regexp.MustCompile("(?i)"+regexp.QuoteMeta(address)).ReplaceAllLiteralString(text, "the address")
	}
	return short(text, maxWords)
}

// alarm tells the operator what nobody else can mend, and gives the error on.
func (s *Server) alarm(err error) error {
	var r *Refusal
	if !errors.As(err, &r) {
		return err
	}
	text := said(r.Err, "")
	switch {
	case r.phase == phaseSignIn:
		s.alarms.raise(s.Log, "the mail server does not let us sign in: "+text, now(s.Now))
	case r.phase == phaseSender && r.Code >= 500:
		s.alarms.raise(s.Log, "the mail server does not take letters from us: "+text, now(s.Now))
	case r.Final && fateOf(r.Code, r.Status) == unwanted:
		s.alarms.raise(s.Log, "letters of ours are refused: "+text, now(s.Now))
	case r.phase == phaseDial:
		s.alarms.raise(s.Log, "the mail server cannot be used: "+text, now(s.Now))
	}
	return err
}

// pauses are those between the tries of a letter; the last goes on. The runner's twenty tries then are a little more than a
// day. Lost connections are over in seconds or in hours; a server that puts strangers off (greylisting) wants a minute or
// several.
var pauses = []time.Duration{
	2 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute,
	30 * time.Minute, time.Hour, 150 * time.Minute,
}

// putOff is where the pauses begin for a letter that the server answered "later" to.
const putOff = 2

// retry says when a letter is tried again.
func retry(err error, attempts int) error {
	var r *Refusal
	if !errors.As(err, &r) {
		return err
	}
	if r.Final {
		return &bot.RetryError{Never: true, Err: err}
	}
	step := max(attempts-1, 0)
	if r.Code != 0 {
		step += putOff
	}
	pause := pauses[min(step, len(pauses)-1)]
	return &bot.RetryError{After: pause + rand.N(pause/4), Err: err}
}
