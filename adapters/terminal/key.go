package terminal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"usher/bot"
	"usher/flows"
)

// KeyCommand makes, lists and revokes keys of the JSON API.
type KeyCommand struct {
	New    KeyNewCommand    `cmd:"" help:"Make a key for another system and print it, once."`
	List   KeyListCommand   `cmd:"" help:"List the keys."`
	Revoke KeyRevokeCommand `cmd:"" help:"End a key; it opens nothing from then on."`
}

// KeyNewCommand makes a key.
type KeyNewCommand struct {
	Name    string   `arg:"" help:"The system it is for, as trails and the audit log name it."`
	Scope   []string `required:"" help:"What it may do, with commas: ${scopes}." placeholder:"SCOPE,…"`
	Expires string   `help:"How long it is good: 90d, 12h; without it, until it is revoked." placeholder:"DURATION"`
	PublisherQuery
}

// Help teaches.
func (KeyNewCommand) Help() string {
	return `The key goes to standard output alone, so that it can be piped into a secret; only its digest is kept, and nobody can read it again.
A running server takes it at once. What the API can do stands at /v1/docs of the server.

  usher key new warehouse --scope leads:read,meetings:read
  usher key new crm --scope leads:read,leads:write --expires 90d
  curl -H "Authorization: Bearer usk_…" http://localhost:8080/v1/meetings`
}

// Run makes the key.
func (c *KeyNewCommand) Run(ctx context.Context, w *World) error {
	k, err := c.key(w)
	if err != nil {
		return err
	}
	return c.open(ctx, w, true, func(db Publisher) error {
		secret, k := bot.MintAPIKey(k)
		err := db.SaveAPIKey(ctx, k)
		if errors.Is(err, bot.ErrNameTaken) {
			return fmt.Errorf("%w: %s; take another name, or end the old one first with usher key revoke %s", bot.ErrNameTaken, k.Name, k.Name)
		}
		if err != nil {
			return err
		}
		return c.tell(w, k, secret)
	})
}

// nameLength is how long a name may be: it stands in every line of a trail.
const nameLength = 64

func (c *KeyNewCommand) key(w *World) (bot.APIKey, error) {
	k := bot.APIKey{Name: strings.TrimSpace(c.Name), Who: w.who(), CreatedAt: w.Now().UTC().Truncate(time.Microsecond)}
	if k.Name == "" || len(k.Name) > nameLength || strings.ContainsFunc(k.Name, unprintable) {
		return k, misuse("%q is not a name; take one line of at most %d characters", c.Name, nameLength)
	}
	for _, scope := range c.Scope {
		if !slices.Contains(bot.Scopes, scope) {
			return k, misuse("there is no scope %s; there are %s", scope, strings.Join(bot.Scopes, ", "))
		}
		if !slices.Contains(k.Scopes, scope) {
			k.Scopes = append(k.Scopes, scope)
		}
	}
	if c.Expires != "" {
		good, ok := flows.Lapse(c.Expires)
		if !ok || good <= 0 {
			return k, misuse("--expires %s is not a duration; write it like 90d or 12h", c.Expires)
		}
		k.ExpiresAt = k.CreatedAt.Add(good)
	}
	return k, nil
}

func unprintable(r rune) bool { return !strconv.IsPrint(r) }

func (c *KeyNewCommand) tell(w *World, k bot.APIKey, secret string) error {
	if c.JSON {
		return jsonLines(w.Stdout).Encode(struct {
			keyLine
			Key string `json:"key"`
		}{keyLineOf(k, k.CreatedAt), secret})
	}
	note := printer{out: w.Stderr}
	note.printf("The key of %s, which nobody can read again; keep it where secrets are kept:\n", k.Name)
	out := printer{out: w.Stdout}
	out.printf("%s\n", secret)
	return out.err
}

// keyLine is a key as --json prints it.
type keyLine struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Scopes  []string  `json:"scopes"`
	State   string    `json:"state"` // good, expired or revoked
	Who     string    `json:"who"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires,omitzero"`
	Revoked time.Time `json:"revoked,omitzero"`
	Used    time.Time `json:"used,omitzero"`
}

func keyLineOf(k bot.APIKey, now time.Time) keyLine {
	state := "good"
	switch {
	case !k.RevokedAt.IsZero():
		state = "revoked"
	case k.Expired(now):
		state = "expired"
	}
	return keyLine{k.ID, k.Name, k.Scopes, state, k.Who, k.CreatedAt, k.ExpiresAt, k.RevokedAt, k.UsedAt}
}

// KeyListCommand lists keys.
type KeyListCommand struct {
	PublisherQuery
}

// Help teaches.
func (KeyListCommand) Help() string {
	return `The newest first, with what each may do and when it was used last, to some minutes. The keys themselves are not kept.

  usher key list
  usher key list --json | jq -r 'select(.state == "good" and .used == null) | .name'`
}

// Run lists.
func (c *KeyListCommand) Run(ctx context.Context, w *World) error {
	return c.open(ctx, w, false, func(db Publisher) error {
		all, err := db.ListAPIKeys(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			out := jsonLines(w.Stdout)
			for _, k := range all {
				if err := out.Encode(keyLineOf(k, w.Now())); err != nil {
					return err
				}
			}
			return nil
		}
		return c.table(w, all)
	})
}

func (c *KeyListCommand) table(w *World, all []bot.APIKey) error {
	out := printer{out: w.Stdout}
	if len(all) == 0 {
		out.printf("There are no keys; usher key new makes one.\n")
		return out.err
	}
	wide := len("name")
	for _, k := range all {
		wide = max(wide, len(k.Name))
	}
	out.printf("%-8s  %-*s  %-7s  %-20s  %-20s  %s\n", "id", wide, "name", "state", "used", "expires", "scopes")
	for _, k := range all {
		out.printf("%-8s  %-*s  %-7s  %-20s  %-20s  %s\n", k.ID, wide, k.Name, keyLineOf(k, w.Now()).State,
			stampOr(k.UsedAt, "never"), stampOr(k.ExpiresAt, "never"), strings.Join(k.Scopes, ","))
	}
	return out.err
}

func stampOr(t time.Time, none string) string {
	if t.IsZero() {
		return none
	}
	return stamp(t)
}

// KeyRevokeCommand ends a key.
type KeyRevokeCommand struct {
	Name string `arg:"" help:"The key's name or id, as usher key list shows them."`
	PublisherQuery
}

// Help teaches.
func (KeyRevokeCommand) Help() string {
	return `Every node refuses the key from its next request on. Its name is free for another one.

  usher key revoke warehouse`
}

// Run revokes.
func (c *KeyRevokeCommand) Run(ctx context.Context, w *World) error {
	return c.open(ctx, w, true, func(db Publisher) error {
		all, err := db.ListAPIKeys(ctx)
		if err != nil {
			return err
		}
		k, found := bot.FindAPIKey(all, c.Name)
		if found {
			k.RevokedAt = w.Now().UTC().Truncate(time.Microsecond)
			if err = db.RevokeAPIKey(ctx, k.ID, w.who(), k.RevokedAt); errors.Is(err, bot.ErrNotFound) {
				found, err = false, nil // somebody else was faster
			}
		}
		switch {
		case err != nil:
			return err
		case !found:
			p := printer{out: w.Stderr}
			p.printf("usher: there is no good key %s; usher key list shows what there is\n", c.Name)
			return ErrNo
		}
		if c.JSON {
			return jsonLines(w.Stdout).Encode(keyLineOf(k, k.RevokedAt))
		}
		out := printer{out: w.Stdout}
		out.printf("The key %s of %s opens nothing any more.\n", k.ID, k.Name)
		return out.err
	})
}
