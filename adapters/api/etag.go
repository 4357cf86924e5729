package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"

	"usher/bot"
)

// etag names a lead as it reads now (RFC 9110 8.8.3): its version, which If-Match is about, and a digest of all that is told of
// it, for a score fades and conversations go on while nobody changes the lead.
func etag(d LeadDetail) string {
	text, _ := json.Marshal(d) // it is about to be answered as JSON
	sum := sha256.Sum256(text)
	return `"` + strconv.FormatInt(d.Version, 10) + "-" + hex.EncodeToString(sum[:8]) + `"`
}

// matched is the version that If-Match asks for; 0 = whatever it is.
func matched(header string, p bot.Person) (int64, error) {
	if header == "" || header == "*" {
		return 0, nil
	}
	for _, tag := range tags(header) {
		version, _, _ := strings.Cut(strings.Trim(tag, `"`), "-")
		if version == strconv.FormatInt(p.Version, 10) {
			return p.Version, nil
		}
	}
	return 0, errPrecondition
}

// unchanged says whether If-None-Match names what would be answered; that comparison is a weak one (RFC 9110 13.1.2).
func unchanged(header, tag string) bool {
	for _, one := range tags(header) {
		if one == "*" || strings.TrimPrefix(one, "W/") == tag {
			return true
		}
	}
	return false
}

func tags(header string) (all []string) {
	for one := range strings.SplitSeq(header, ",") {
		all = append(all, strings.TrimSpace(one))
	}
	return all
}
