package slackfake

import (
	"fmt"
	"net"
)

// Settings are those of a rehearsal; the tags are the flags of the command.
type Settings struct {
	Workspace string `help:"Folder with flows, team.yaml, faq.yaml; without it the built-in example." type:"existingdir" env:"USHER_WORKSPACE" placeholder:"DIR"`
	Data      string `help:"Folder for what is said in rehearsals." default:"data/rehearsal" placeholder:"DIR"`
	Listen    string `help:"Address of the website, on this machine." default:"127.0.0.1:8080"`
	SlackPage string `help:"Address of the Slack page, on this machine; auto is the port after the website's." default:"auto" placeholder:"ADDRESS"`
	LogLevel  string `help:"debug, info, warn or error." enum:"debug,info,warn,error" default:"warn"`
}

// Validate refuses addresses that others reach: in a rehearsal everybody is everybody.
func (s *Settings) Validate() error {
	host, port, err := net.SplitHostPort(s.Listen)
	if ip := net.ParseIP(host); err != nil || port == "" || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("--listen %q is not an address of this machine alone; write it like 127.0.0.1:8080", s.Listen)
	}
	return nil
}
