package answer

import (
	"strings"
	"testing"

	"usher/flows"
)

func TestAWebAddressIsKeptWithItsScheme(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeURL)}, []says{
		{"acme.com", "https://acme.com"},
		{"www.Acme.com/Path?Q=1#top", "https://www.acme.com/Path?Q=1#top"},
		{"http://acme.com", "http://acme.com"},
		{"HTTPS://Acme.com", "https://acme.com"},
		{"//acme.com", "https://acme.com"},
		{"it's acme.io, thanks", "https://acme.io"},
		{"Our site is acme.com.", "https://acme.com"},
		{"acme.com:8443/x", "https://acme.com:8443/x"},
		{"münchen.example", "https://münchen.example"},
		{"localhost", "!not_a_url"},
		{"acme", "!not_a_url"},
		{"ftp://acme.com", "!not_a_url"},
		{"javascript:alert(1)", "!not_a_url"},
		{"javascript://acme.com", "!not_a_url"},
		{"http://1.2.3.4", "!not_a_url"},
		{"https://user@evil.com", "!not_a_url"},
		{"p@acme.com", "!not_a_url"},
		{"acme..com", "!not_a_url"},
		{"acme.com:x", "!not_a_url"},
		{"https://acme.com/<script>", "!not_a_url"},
		{"-acme.com", "!not_a_url"},
		{"acme.com and bigco.com", "!ambiguous"},
		{"", "!empty"},
		{"acme.com/" + strings.Repeat("a", 3000), "!not_a_url"},
		{"3.5", "!not_a_url"},
	})
}
