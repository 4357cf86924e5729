package answer

import (
	"strings"
	"testing"

	"usher/flows"
)

// The cost of one answer, by type. A turn of the engine may allocate forty times in all.
func BenchmarkRead(b *testing.B) {
	choice := loaded(b, goals)
	for _, c := range []struct {
		name, typed string
		field       *flows.Field
	}{
		{"number", "250", field(flows.TypeNumber)},
		{"number in a sentence", "about 250 people", field(flows.TypeNumber)},
		{"number in words", "two hundred and fifty thousand", field(flows.TypeNumber)},
		{"money", "$5k a month", &flows.Field{Type: flows.TypeMoney, Unit: "USD"}},
		{"choice by value", "demo", choice},
		{"choice by number", "2", choice},
		{"choice in a sentence", "I'd like a demo please", choice},
		{"choice with a typo", "pricng", choice},
		{"yesno", "yes please", field(flows.TypeYesNo)},
		{"work email", "priya@bigco.example", &flows.Field{Type: flows.TypeEmail, Work: true}},
		{"email in a sentence", "it's priya@bigco.example thanks", &flows.Field{Type: flows.TypeEmail, Work: true}},
		{"phone", "+91 98765 43210", field(flows.TypePhone)},
		{"date", "next Tuesday", field(flows.TypeDate)},
		{"country", "India", field(flows.TypeCountry)},
		{"url", "acme.com", field(flows.TypeURL)},
		{"text", "BigCo Ltd.", field(flows.TypeText)},
		{"refused", "no idea, sorry", field(flows.TypeNumber)},
		{"longest", strings.Repeat("demo 1 ", MaxAnswer/7), field(flows.TypeNumber)},
	} {
		b.Run(c.name, func(b *testing.B) {
			q := Question{Field: c.field, Language: "en", Now: aMonday}
			b.ReportAllocs()
			for b.Loop() {
				_, _ = Read(q, c.typed) // the refusal is measured too
			}
		})
	}
}

func BenchmarkReadTime(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		ReadTime(Question{Language: "en", Now: aMonday}, "next Tuesday after 3")
	}
}

func BenchmarkWished(b *testing.B) {
	for _, typed := range []string{"250", "about 250 people", "talk to a human", "priya@bigco.example"} {
		b.Run(typed, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Wished("en", typed)
			}
		})
	}
}

func BenchmarkFAQ(b *testing.B) {
	for _, typed := range []string{"250", "priya@bigco.example", "how much does it cost?"} {
		b.Run(typed, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				FAQ(questions, "en", typed)
			}
		})
	}
}

func BenchmarkShow(b *testing.B) {
	v := flows.Value{Type: flows.TypeMoney, Text: "200000", Currency: "INR"}
	b.ReportAllocs()
	for b.Loop() {
		Show(nil, v, "en")
	}
}
