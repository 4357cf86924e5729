package answer

import (
	"strings"
	"testing"

	"usher/flows"
)

func TestAnAddressIsKeptAsTypedWithItsDomainInLowerCase(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeEmail)}, []says{
		{"priya@bigco.example", "priya@bigco.example"},
		{"Priya.Rao@BigCo.Example", "Priya.Rao@bigco.example"},
		{" priya@bigco.example ", "priya@bigco.example"},
		{"!#$%&`*+/=?^`{|}~@acme.org", "!#$%&`*+/=?^`{|}~@acme.org"},
		{"o'neil+news@acme.co.uk", "o'neil+news@acme.co.uk"},
		{"n@ai", "n@ai"},
		{"me@3com.com", "me@3com.com"},
		{"me@xn--hxajbheg2az3al.xn--jxalpdlp", "me@xn--hxajbheg2az3al.xn--jxalpdlp"},
		{strings.Repeat("a", 64) + "@acme.org", strings.Repeat("a", 64) + "@acme.org"},
		{"me@" + strings.Repeat("a", 63) + ".com", "me@" + strings.Repeat("a", 63) + ".com"},
		{"me@c--n.com", "me@c--n.com"},
		{"me\u200b@acme.org", "me@acme.org"},
		{"someone@gmail.com", "someone@gmail.com"},
	})
}

func TestAnAddressIsFoundInASentence(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeEmail)}, []says{
		{"it's priya@bigco.example thanks", "priya@bigco.example"},
		{"My email is priya@bigco.example.", "priya@bigco.example"},
		{"Priya <priya@bigco.example>", "priya@bigco.example"},
		{"<priya@bigco.example>", "priya@bigco.example"},
		{"mailto:priya@bigco.example", "priya@bigco.example"},
		{"\"priya@bigco.example\"", "priya@bigco.example"},
		{"sure, priya@bigco.example!", "priya@bigco.example"},
		{"e-mail: priya@bigco.example", "priya@bigco.example"},
		{"priya@bigco.example (work)", "priya@bigco.example"},
		{"use priya@bigco.example or PRIYA@bigco.example", "!ambiguous"},
		{"priya@bigco.example, yes priya@bigco.example", "priya@bigco.example"},
		{"@priya on the net, mail priya@bigco.example", "priya@bigco.example"},
	})
}

func TestHalfAnAddressIsNotCutOut(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeEmail)}, []says{
		{"ima fool@acme.org", "!not_an_email"},
		{"-- test --@acme.org", "!not_an_email"},
		{"test. obs@acme.org", "!not_an_email"},
		{"test @acme.org", "!not_an_email"},
		{"test@ acme.org", "!not_an_email"},
		{"pete(his account)@silly.example", "!not_an_email"},
		{"a@acme.org b@acme.org", "!ambiguous"},
		{"a@acme.org,b@acme.org", "!ambiguous"},
		{"a@acme.org or b@acme.org", "!ambiguous"},
	})
}

func TestWhatIsNoAddressIsRefused(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeEmail)}, []says{
		{"", "!empty"},
		{"test", "!not_an_email"},
		{"@", "!not_an_email"},
		{"test@", "!not_an_email"},
		{"@acme.org", "!not_an_email"},
		{".test@acme.org", "!not_an_email"},
		{"test.@acme.org", "!not_an_email"},
		{"te..st@acme.org", "!not_an_email"},
		{"test@@acme.org", "!not_an_email"},
		{"a@b@acme.org", "!not_an_email"},
		{"test@acme.org.", "!not_an_email"},
		{"test@.acme.org", "!not_an_email"},
		{"test@acme..org", "!not_an_email"},
		{"test@-acme.org", "!not_an_email"},
		{"test@acme-.org", "!not_an_email"},
		{"test@acme.org-", "!not_an_email"},
		{"test@ac_me.org", "!not_an_email"},
		{"test@acme/x.org", "!not_an_email"},
		{"test@[1.2.3.4]", "!not_an_email"},
		{"test@1.2.3.4", "!not_an_email"},
		{"test@acme.123", "!not_an_email"},
		{"\"test\"@acme.org", "!not_an_email"},
		{"te\\@st@acme.org", "!not_an_email"},
		{"(c)test@acme.org", "!not_an_email"},
		{"test@localhost", "!not_an_email"},
		{"test@acme.org\n", "!not_an_email"},
		{"\r\n test@acme.org", "!not_an_email"},
		{"te\x00st@acme.org", "!not_an_email"},
		{"test@acme.org\r\nBcc: x@acme.org", "!not_an_email"},
		{strings.Repeat("a", 65) + "@acme.org", "!not_an_email"},
		{"me@" + strings.Repeat("a", 64) + ".com", "!not_an_email"},
		{"me@" + strings.Repeat("abcdefg.", 40) + "com", "!not_an_email"},
		{"priya at bigco dot com", "!not_an_email"},
		{"प्रिया@acme.org", "!not_an_email"},
	})
}

func TestASlipInAWellKnownDomainIsAskedAbout(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeEmail)}, []says{
		{"p@gmial.com", "!typo"},
		{"p@gmal.com", "!typo"},
		{"p@gmail.con", "!typo"},
		{"p@gmail.co", "!typo"},
		{"p@gnail.com", "!typo"},
		{"p@hotmial.com", "!typo"},
		{"p@yaho.com", "!typo"},
		{"p@outlok.com", "!typo"},
		{"p@gmail.com", "p@gmail.com"},
		{"p@mail.com", "p@mail.com"},
		{"p@ymail.com", "p@ymail.com"},
		{"p@email.com", "p@email.com"},
	})
	_, err := Read(Question{Field: field(flows.TypeEmail), Language: "en"}, "p@gmial.com")
	if say := err.(*Refusal).Say; !strings.Contains(say, "p@gmail.com") {
		t.Errorf("the refusal %q does not name the address that may be meant", say)
	}
}

func TestWorkAddressesAreToldFromOthers(t *testing.T) {
	spec(t, Question{Field: &flows.Field{Type: flows.TypeEmail, Work: true}}, []says{
		{"priya@bigco.example", "priya@bigco.example"},
		{"priya@ibm.com", "priya@ibm.com"},
		{"p@mail.acme.org", "p@mail.acme.org"},
		{"p@gmail.com", "!free_mail"},
		{"p@GMAIL.com", "!free_mail"},
		{"p@yahoo.co.in", "!free_mail"},
		{"p@outlook.com", "!free_mail"},
		{"p@icloud.com", "!free_mail"},
		{"p@proton.me", "!free_mail"},
		{"p@qq.com", "!free_mail"},
		{"p@gmial.com", "!free_mail"},
		{"p@rediffmail.com", "!free_mail"},
		{"p@mailinator.com", "!disposable"},
		{"p@any.mailinator.com", "!disposable"},
		{"p@10minutemail.com", "!disposable"},
	})
}
