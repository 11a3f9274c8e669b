package live

import (
	"fmt"
	"net/http"
	"time"
)

// Every is how often a stream asks its page whether it is still there. The page answers with a request,
// also in a tab that sleeps, because what arrives on a stream wakes it.
const Every = 10 * time.Second

// Serve writes the changes of a topic as server-sent events until the page is gone, or takes nothing for as
// long.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, topic string) {
	changed, stop := h.Subscribe(topic)
	defer stop()
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	ask := time.NewTicker(Every)
	defer ask.Stop()
	for what := "changed"; ; {
		out.SetWriteDeadline(time.Now().Add(Every))
		fmt.Fprintf(w, "id: %s\nevent: %s\ndata:\n\n", h.ID(), what)
		if out.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-changed:
			what = "changed"
		case <-ask.C:
			what = "ping"
		}
	}
}
