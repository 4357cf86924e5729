package main

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestKill kills the process at random moments while visitors talk, and asks afterwards whether it kept its word.
func TestKill(t *testing.T) {
	for name, database := range databases {
		t.Run("a killed process loses nothing it acknowledged and applies nothing twice on "+name, func(t *testing.T) {
			url := database(t)
			n := startNode(t, url)
			done := make(chan struct{})
			talkers := make([]*talker, 12)
			var all sync.WaitGroup
			for i := range talkers {
				talkers[i] = &talker{name: fmt.Sprintf("t%d", i)}
				all.Go(func() { talkers[i].talk(n.address, done) })
			}
			for round := range int64(6) {
				for _, talker := range talkers {
					talker.await(t, round/2+1)
				}
				time.Sleep(rand.N(500 * time.Millisecond))
				n.kill()
				n.start()
			}
			close(done)
			all.Wait()
			for _, talker := range talkers {
				talker.check(t, n.address)
				if out, err := exec.Command(usherBin, "replay", talker.visitor.conversation, "--database", url).CombinedOutput(); err != nil {
					t.Errorf("replay %s: %v\n%s", talker.visitor.conversation, err, out)
				}
			}
		})
	}
}

// talker says one thing after the other, again under the same id until it is acknowledged.
type talker struct {
	name         string
	visitor      visitor
	acknowledged []string
	sent         atomic.Int64
}

// await waits until so many lines were acknowledged.
func (k *talker) await(t *testing.T, lines int64) {
	t.Helper()
	for end := time.Now().Add(patience); k.sent.Load() < lines; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s was acknowledged %d times", k.name, k.sent.Load())
		}
	}
}

// lines go round: two answers of the example flow, then from the beginning.
var lines = []string{"demo", "about 250", "start over"}

func (k *talker) talk(address string, done <-chan struct{}) {
	for {
		select {
		case <-done:
			k.visitor.close()
			return
		default:
		}
		sent := k.sent.Load()
		id := fmt.Sprintf("%s-%d", k.name, sent)
		if k.say(address, id, lines[sent%int64(len(lines))]) == nil {
			k.acknowledged = append(k.acknowledged, id)
			k.sent.Add(1)
		}
	}
}

// say sends one line and waits for its acknowledgement; after an error the socket is opened again.
func (k *talker) say(address, id, text string) (err error) {
	defer func() {
		if err != nil {
			k.visitor.close()
			k.visitor.socket = nil
			time.Sleep(10 * time.Millisecond)
		}
	}()
	if k.visitor.socket == nil {
		if err := k.visitor.connect(address); err != nil {
			return err
		}
	}
	if err := k.visitor.send(id, "text", text); err != nil {
		return err
	}
	return k.visitor.acknowledged(id)
}

// check reads the whole transcript as a new tab would.
func (k *talker) check(t *testing.T, address string) {
	t.Helper()
	tab := visitor{token: k.visitor.token}
	must(t, tab.connect(address))
	defer tab.close()
	if tab.conversation != k.visitor.conversation {
		t.Fatalf("%s: conversation %s became %s", k.name, k.visitor.conversation, tab.conversation)
	}
	must(t, tab.send(k.name+"-last", "text", "start over"))
	last, err := tab.until(func(f frame) bool { return f.Type == "message" && f.ID == k.name+"-last" })
	must(t, err)
	if _, err := tab.until(func(f frame) bool { return f.From == "bot" && f.Seq > last.Seq }); err != nil {
		t.Errorf("%s: the conversation does not go on: %v", k.name, err)
	}
	times := map[string]int{}
	for seq := int64(1); seq <= last.Seq; seq++ {
		f, ok := tab.seen[seq]
		if !ok {
			t.Errorf("%s: message %d of %d is missing", k.name, seq, last.Seq)
		}
		times[f.ID]++
	}
	for _, id := range k.acknowledged {
		if times[id] != 1 {
			t.Errorf("%s was acknowledged and stands %d times in the transcript", id, times[id])
		}
	}
}
