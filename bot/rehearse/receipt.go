package rehearse

import "usher/bot/dialogue"

// Score is the line that tells a receipt, for whoever asks for it outside a turn.
func Score(r dialogue.Receipt) ScoreLine { return scoreLine(r).(ScoreLine) }
