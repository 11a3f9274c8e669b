package web

import (
	"net/http"

	"github.com/stafett/stafett/services/desk/internal/page"
)

// Index serves one page that leads to desks on this machine.
func Index(host string, lines []page.IndexLine) http.Handler {
	s := &Server{host: host}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		s.failed(w, page.Index{Nonce: nonce(r), Lines: lines}.Page(w))
	})
	mux.Handle("GET /assets/", http.StripPrefix("/assets/", http.FileServerFS(page.Assets())))
	return s.guarded(mux)
}
