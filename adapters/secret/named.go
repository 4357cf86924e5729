package secret

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
)

// reference is where a secret is named, alone or within an address.
var reference = regexp.MustCompile(`\$\{[A-Za-z_][A-Za-z0-9_]*\}`)

// Names says whether a secret is named in what was written.
func Names(written string) bool { return reference.MatchString(written) }

// Named puts in place of each ${NAME} the environment variable of that name, or what stands in the file that NAME_FILE
// names. The error says which are not set.
func Named(written string) (string, error) {
	var missing error
	text := reference.ReplaceAllStringFunc(written, func(ref string) string {
		value, err := variable(ref[2 : len(ref)-1])
		missing = errors.Join(missing, err)
		return value
	})
	if missing != nil {
		return "", missing
	}
	return text, nil
}

// variable reads a secret that the workspace names. The server's own settings are none of the workspace's: whoever writes
// an address there would be sent them.
func variable(name string) (string, error) {
	if upper := strings.ToUpper(name); strings.HasPrefix(upper, "USHER_") || upper == "DATABASE_URL" {
		return "", fmt.Errorf("%s is a setting of the server; give the secret a name of its own", name)
	}
	if value := os.Getenv(name); value != "" {
		return value, nil
	}
	file := os.Getenv(name + "_FILE")
	if file == "" {
		return "", fmt.Errorf("the environment has neither %s nor %s_FILE", name, name)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("%s_FILE: %w", name, err)
	}
	return strings.TrimSpace(string(data)), nil
}
