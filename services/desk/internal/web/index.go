package web

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/stafett/stafett/services/desk/internal/page"
)

// Index serves one page that leads to desks on this machine.
func Index(host string, lines []page.IndexLine) http.Handler {
	s := &Server{host: host}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		s.failed(w, page.Index{Nonce: nonce(r), Lines: lines}.Page(w))
	})
	mux.HandleFunc("GET /storybook", func(w http.ResponseWriter, r *http.Request) { s.failed(w, page.Storybook{Nonce: nonce(r)}.Page(w)) })
	mux.HandleFunc("GET /storybook/{state}/{side}/{language}", s.story)
	mux.Handle("GET /assets/", http.StripPrefix("/assets/", http.FileServerFS(page.Assets())))
	return s.guarded(mux)
}

// story shows one view. What it leads to does nothing.
func (s *Server) story(w http.ResponseWriter, r *http.Request) {
	state, err := strconv.ParseInt(r.PathValue("state"), 10, 32)
	if err != nil || !slices.Contains(page.Sides, r.PathValue("side")) {
		http.NotFound(w, r)
		return
	}
	s.failed(w, page.StoryOf(int32(state), r.PathValue("side"), r.PathValue("language")).Page(w, nonce(r), uuid.NewString()))
}
