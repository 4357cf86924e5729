package bot

import (
	"context"

	"usher/bot/answer"
	"usher/bot/dialogue"
	"usher/flows"
)

// MaxIdentified is how many fields a page may bring at once: a profile, not a dump.
const MaxIdentified = 32

// Identify takes what the page knows of its visitor. Each value is read as the field's type; what does not read, or is
// no field of the flow, is left out, for a page's mistake must not cost the visitor the conversation.
func (b *Bot) Identify(ctx context.Context, conversation, visitor string, known map[string]string) error {
	c, err := b.load(ctx, conversation, visitor)
	if err != nil {
		return err
	}
	h, err := b.houseOf(ctx, c)
	if err != nil {
		return err
	}
	values := b.readKnown(h.Workspace.Flow(c.State.Flow), c, known)
	if len(values) == 0 {
		return nil
	}
	return b.input(ctx, conversation, visitor, dialogue.Identified{Known: values})
}

func (b *Bot) readKnown(f *flows.Flow, c Conversation, known map[string]string) map[string]flows.Value {
	values := map[string]flows.Value{}
	for name, text := range known {
		field := f.Field(name)
		if field == nil || len(values) == MaxIdentified {
			b.log().Debug("identify: not a field of the flow", "field", name, "flow", f.ID)
			continue
		}
		v, err := answer.Read(answer.Question{Field: field, Language: c.State.Language, Now: b.now()}, text)
		if err != nil {
			b.log().Debug("identify: value does not fit", "field", name, "reason", err)
			continue
		}
		values[name] = v
	}
	return values
}
