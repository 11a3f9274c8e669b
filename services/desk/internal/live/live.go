// Package live tells open pages that something they show has changed. A page then fetches the
// present state, so that a change that it missed costs nothing.
package live

import (
	"fmt"
	"sync"
	"time"
)

// Hub counts the changes of topics. Its epoch tells a page that the desk was restarted.
type Hub struct {
	epoch int64
	mu    sync.Mutex
	seq   uint64
	open  map[chan struct{}]string
}

func New(now time.Time) *Hub {
	return &Hub{epoch: now.UnixMilli(), open: map[chan struct{}]string{}}
}

// ID names the newest change: the epoch, and the sequence within it.
func (h *Hub) ID() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return fmt.Sprintf("%d-%d", h.epoch, h.seq)
}

// Changed wakes the pages of a topic, and those of all topics.
func (h *Hub) Changed(topic string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seq++
	for page, of := range h.open {
		if of == "" || of == topic {
			select {
			case page <- struct{}{}:
			default: // it has yet to fetch, and will see this as well
			}
		}
	}
}

// Subscribe returns a channel that has a value once anything of a topic has changed; "" means of any.
// Call stop when the page is gone.
func (h *Hub) Subscribe(topic string) (changed <-chan struct{}, stop func()) {
	page := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open[page] = topic
	return page, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.open, page)
	}
}
