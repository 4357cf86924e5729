package api

// Paging is how a client walks through a list.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most."`
	Cursor string `query:"cursor" doc:"next_cursor of the page before; without it, the first page." maxLength:"512"`
}

// Page is a page of a list.
type Page[T any] struct {
	Body struct {
		Data       []T    `json:"data" nullable:"false"`
		NextCursor string `json:"next_cursor,omitempty" doc:"Where the next page begins; absent on the last one."`
	}
}

// pageOf makes a page of up to limit+1 items: the one too many says that there is more.
func pageOf[S, T any](items []S, limit int, show func(S) T, next func(S) cursor) *Page[T] {
	p := &Page[T]{}
	p.Body.Data = make([]T, 0, limit)
	for i, item := range items {
		if i == limit {
			p.Body.NextCursor = next(items[limit-1]).String()
			break
		}
		p.Body.Data = append(p.Body.Data, show(item))
	}
	return p
}
