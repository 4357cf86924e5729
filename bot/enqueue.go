package bot

import "context"

// Enqueue stores jobs outside of a turn, and has those that are due carried out at once; one whose id is known is the
// same job, and is left alone unless it is one to be done Again.
func (b *Bot) Enqueue(ctx context.Context, jobs ...Job) error {
	if err := b.Store.Enqueue(ctx, jobs...); err != nil {
		return err
	}
	b.hurry.now()
	return nil
}
