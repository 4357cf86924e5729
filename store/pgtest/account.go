package pgtest

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
)

// account is a user of the machine.
type account struct{ user, group int }

// unprivileged is whom the server runs as: PostgreSQL refuses root. Nil means whoever runs the test.
func unprivileged() (*account, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.Atoi(u.Uid)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.Atoi(u.Gid)
		if err != nil {
			return nil, err
		}
		return &account{user: uid, group: gid}, nil
	}
	return nil, fmt.Errorf("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")
}
