package dialogue_test

// acme is the workspace most tests talk to.
var acme = map[string]string{
	"book-a-demo.yaml": `
flow: book-a-demo
title: Book a demo
languages: [en]
fields:
  goal:      { type: choice, options: { demo: Book a demo, price: See prices, help: Get help } }
  team_size: { type: number, min: 1, max: 1000000, label: Team size }
  email:     { type: email, work: true }
  budget:    { type: money, currency: USD }
  note:      { type: text }
  agreed:    { type: consent, wording: We may write to you. }
  source:    { from: utm.source }
steps:
  - id: hello
    say: "Hi{{ known(name) ? ', ' + name : '' }}!"
  - id: goal
    ask: goal
    say: What brings you here today?
    next:
      - { if: goal == "help", to: help }
  - id: size
    ask: team_size
    say: How many people will use it?
    retry: A number is enough, for example 25.
    tries: 3
    else: help
  - id: money
    ask: budget
    optional: true
    say: What is your budget?
  - id: decide
    next:
      - { if: team_size >= 20, to: meet }
      - { to: note }
  - id: meet
    book: { minutes: 30, offer: 3, title: "{{ company }} × Acme" }
    say: "{{ rep.first_name }} can show you round. Which time suits you?"
    next:
      - { if: booked, to: done }
      - { to: help }
  - id: help
    handoff: { team: support, wait: 2m }
    say: One moment, I am getting a colleague.
    next:
      - { if: joined, to: done }
      - { to: nurture }
  - id: note
    ask: note
    say: Anything else?
  - id: agree
    ask: agreed
    say: Is that fine?
  - id: later
    end: waitlist
    revisit: 90d
    say: I will write to you.
  - id: done
    end: qualified
    say: "{{ booked ? 'See you ' + meeting.starts : 'We will be in touch' }}!"
  - id: nurture
    end: nurture
    say: Come back any time.
score:
  - { if: team_size >= 200, points: 40, because: 200 seats or more, part: need }
  - { if: team_size in 20..199, points: 20, because: 20 to 199 seats, part: need }
  - { if: budget >= 5000, points: 30, because: budget of 5000+, part: budget }
  - { if: visited("/pricing*"), points: 10, because: read the price page, part: interest, halves: 14d }
  - { if: visited("/docs*"), points: 15, because: read the docs, part: interest }
  - { if: source == "google", points: 5, because: came by search }
caps: { interest: 20 }
grades: { hot: 60, warm: 30, cold: 0 }
`,
	"team.yaml": `
timezone: Asia/Kolkata
hours:
  office: { mon-fri: "09:30-18:00" }
reps:
  - { id: asha, name: Asha Rao, email: asha@acme.example, timezone: Asia/Kolkata, hours: office }
  - { id: cora, name: Cora Lim, email: cora@acme.example, timezone: Asia/Kolkata, hours: office }
teams:
  - { id: sales, reps: [asha] }
  - { id: support, reps: [cora] }
meeting: { buffer: 10m, notice: 2h, horizon: 14d, every: 30m }
routes:
  - { to: sales }
`,
	"faq.yaml": `
- ask: [How much does it cost?, pricing]
  say: Plans start at 20 dollars a seat.
`,
}
