package terminal

import (
	"fmt"
	"os"
	"strings"
)

// readVariables prepares the environment for the settings: files that are named are read, and an empty name of the
// workspace, as definitions of containers write it, is none rather than this folder.
func readVariables() error {
	if err := readFileVariables(); err != nil {
		return err
	}
	if os.Getenv("USHER_WORKSPACE") != "" {
		return nil
	}
	return os.Unsetenv("USHER_WORKSPACE")
}

// readFileVariables sets USHER_X from the file that USHER_X_FILE names, so that secrets need not stand in the
// environment of a container's definition.
func readFileVariables() error {
	for _, e := range os.Environ() {
		name, file, _ := strings.Cut(e, "=")
		target, ok := strings.CutSuffix(name, "_FILE")
		if !ok || !strings.HasPrefix(name, "USHER_") || file == "" || os.Getenv(target) != "" {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := os.Setenv(target, strings.TrimSpace(string(data))); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
