package main

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// oneSlot is a workspace in which every flow meets one rep who has one time a day.
func oneSlot(rounds int) map[string]string {
	files := map[string]string{}
	team := "timezone: UTC\nhours:\n  noon: { mon-sun: \"12:00-12:30\" }\nreps:\n"
	teams := "teams:\n"
	for i := range rounds {
		files[fmt.Sprintf("race-%d.yaml", i)] = fmt.Sprintf(`
flow: race-%[1]d
title: Race %[1]d
languages: [en]
fields:
  go: { type: choice, options: { ready: Ready } }
steps:
  - { id: mail, ask: email, say: Which address? }
  - { id: ready, ask: go, say: Ready? }
  - id: meet
    book: { minutes: 30, offer: 1, team: team-%[1]d, title: Race }
    say: Take it.
  - { id: done, end: qualified, say: "{{ booked ? 'You have it.' : 'It is gone.' }}" }
`, i)
		team += fmt.Sprintf("  - { id: rep-%[1]d, name: Rep %[1]d, email: rep-%[1]d@acme.example, hours: noon }\n", i)
		teams += fmt.Sprintf("  - { id: team-%[1]d, reps: [rep-%[1]d], assign: fair }\n", i)
	}
	files["team.yaml"] = team + teams + "meeting: { buffer: 0m, notice: 0m, horizon: 3d, every: 30m }\nroutes:\n  - { to: team-0 }\n"
	return files
}

func TestNodes(t *testing.T) {
	url := databases["postgresql"](t)
	workspace := writeWorkspace(t, oneSlot(4))
	a := startNode(t, url, "--workspace", workspace)
	b := startNode(t, url, "--workspace", workspace)

	t.Run("64 clients on two nodes race for one slot and one wins", func(t *testing.T) {
		for round := range 4 {
			race(t, fmt.Sprintf("race-%d", round), 64, a, b)
		}
	})

	t.Run("a visitor on one node sees what another node commits", func(t *testing.T) {
		onA := visitor{flow: "race-0"}
		must(t, onA.connect(a.address))
		defer onA.close()
		onB := visitor{flow: "race-0", token: onA.token}
		must(t, onB.connect(b.address))
		defer onB.close()
		if onA.conversation != onB.conversation {
			t.Fatalf("two conversations for one visitor: %s and %s", onA.conversation, onB.conversation)
		}
		must(t, onB.send("across", "text", "someone@bigco.example"))
		must(t, onA.acknowledged("across"))
	})
}

// race brings the clients to the same offer and lets them choose at once.
func race(t *testing.T, flow string, clients int, nodes ...*node) {
	t.Helper()
	racers := make([]*visitor, clients)
	offers := make([]string, clients)
	each(clients, func(i int) {
		racers[i] = &visitor{flow: flow}
		offer, err := toOffer(racers[i], nodes[i%len(nodes)].address, fmt.Sprintf("racer%d@bigco.example", i))
		if err != nil {
			t.Error(err)
			return
		}
		offers[i] = offer
	})
	if t.Failed() {
		t.FailNow()
	}
	won := make([]bool, clients)
	each(clients, func(i int) {
		defer racers[i].close()
		if offers[i] != offers[0] {
			t.Errorf("racer %d is offered %s, racer 0 %s", i, offers[i], offers[0])
			return
		}
		if err := racers[i].send("choose", "value", offers[i]); err != nil {
			t.Error(err)
			return
		}
		f, err := racers[i].until(func(f frame) bool { return f.From == "bot" && f.Type == "message" })
		if err != nil {
			t.Errorf("racer %d: %v", i, err)
		}
		won[i] = strings.HasPrefix(f.Text, "You have it")
	})
	winners := 0
	for _, w := range won {
		if w {
			winners++
		}
	}
	if winners != 1 {
		t.Errorf("%s: %d winners of %d", flow, winners, clients)
	}
}

// toOffer answers until a time is offered and gives the offer's value.
func toOffer(v *visitor, address, email string) (string, error) {
	if err := v.connect(address); err != nil {
		return "", err
	}
	for i, words := range []string{email, "ready"} {
		if err := v.send(fmt.Sprint(i), "text", words); err != nil {
			return "", err
		}
	}
	f, err := v.until(func(f frame) bool { return f.Ask != nil && f.Ask.Type == "slot" })
	if err != nil {
		return "", fmt.Errorf("no offer: %w", err)
	}
	return f.Ask.Options[0].Value, nil
}

// each runs f for 0 to n-1 at once and waits.
func each(n int, f func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { f(i) })
	}
	all.Wait()
}
