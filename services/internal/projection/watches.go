package projection

import "sync"

// Watch waits for what concerns one key. It is woken by a batch that touches the key, and by no
// other.
type Watch struct {
	// Changed receives after such a batch; several may be one message.
	Changed <-chan struct{}
	stop    func()
}

// Stop ends the watch.
func (w Watch) Stop() { w.stop() }

// watches are those of one projection, by key.
type watches struct {
	mu  sync.Mutex
	all map[string]map[chan struct{}]bool
}

// Watch begins a watch of a key. Begin it before reading, so that no change is missed.
func (m *Model) Watch(key string) Watch {
	changed := make(chan struct{}, 1)
	m.watches.add(key, changed)
	return Watch{Changed: changed, stop: func() { m.watches.remove(key, changed) }}
}

func (w *watches) add(key string, changed chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all == nil {
		w.all = map[string]map[chan struct{}]bool{}
	}
	if w.all[key] == nil {
		w.all[key] = map[chan struct{}]bool{}
	}
	w.all[key][changed] = true
}

func (w *watches) remove(key string, changed chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.all[key], changed)
	if len(w.all[key]) == 0 {
		delete(w.all, key)
	}
}

// wake wakes the watches of some keys. One that has not looked yet stays woken.
func (w *watches) wake(keys []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, key := range keys {
		for changed := range w.all[key] {
			select {
			case changed <- struct{}{}:
			default:
			}
		}
	}
}
