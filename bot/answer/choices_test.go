package answer

import "testing"

const tools = `{ type: choices, options: { crm: Our CRM, mail: "E-mail, of course", chat: Chat, phone: Phone } }`

func TestSeveralOptionsAreChosenInOneAnswer(t *testing.T) {
	spec(t, Question{Field: loaded(t, tools)}, []says{
		{"crm", "[crm]"},
		{"1, 3 and the last", "[crm chat phone]"},
		{"1 3", "[crm chat]"},
		{"1,3", "[crm chat]"},
		{"3,1,3", "[crm chat]"},
		{"chat and phone please", "[chat phone]"},
		{"phone, chat", "[chat phone]"},
		{"phnoe & crm", "[crm phone]"},
		{"E-mail, of course", "[mail]"},
		{"all", "[crm mail chat phone]"},
		{"all of them please", "[crm mail chat phone]"},
		{"everything", "[crm mail chat phone]"},
		{"none", "[]"},
		{"none of these", "[]"},
	})
}

func TestOptionsThatCannotBeToldAreRefused(t *testing.T) {
	spec(t, Question{Field: loaded(t, tools)}, []says{
		{"both", "!not_an_option"}, {"5", "!not_an_option"}, {"chat, zebra", "!not_an_option"}, {"all but chat", "!not_an_option"}, {"please", "!not_an_option"}, {",", "!not_an_option"},
	})
	spec(t, Question{Field: loaded(t, `{ type: choices, min: 1, max: 2, options: { a: Apple, b: Banana, c: Cherry } }`)}, []says{
		{"none", "!too_few"}, {"all", "!too_many"}, {"apple and cherry", "[a c]"},
	})
}

func TestChosenValuesComeInTheOrderOfTheField(t *testing.T) {
	q := Question{Field: loaded(t, tools), Language: "en"}
	for value, want := range map[string]string{"phone,crm": "[crm phone]", "crm": "[crm]", "": "[]", "crm,zebra": "!not_an_option"} {
		if got := outcome(Choose(q, value)); got != want {
			t.Errorf("choosing %q gives %s, want %s", value, got, want)
		}
	}
}
