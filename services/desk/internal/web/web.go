// Package web serves a desk's pages to the line's staff and to the young person. Staff are known by
// their session, a child by a secret that only its own tab has.
package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/stafett/stafett/services/desk/internal/line"
	"github.com/stafett/stafett/services/desk/internal/page"
	"github.com/stafett/stafett/services/desk/internal/signin"
	"github.com/stafett/stafett/services/desk/internal/words"
)

// Server answers browsers.
type Server struct {
	line *line.Line
	sign *signin.Desk
	now  func() time.Time
	// host is the only name under which it answers, so that no other site's name can be made to mean it.
	host string
}

// Handler serves the desk of a line at an address, host:port.
func Handler(l *line.Line, sign *signin.Desk, host string, now func() time.Time) http.Handler {
	s := &Server{l, sign, now, host}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.console)
	mux.HandleFunc("GET /worklist", s.staff(func(w http.ResponseWriter, r *http.Request, who signin.Person) {
		s.failed(w, s.deskOf(r, who).Worklist(w))
	}))
	mux.HandleFunc("GET /supervisor", s.staff(s.overview))
	mux.HandleFunc("GET /live", s.staff(func(w http.ResponseWriter, r *http.Request, who signin.Person) {
		l.StaffIsHere(who.ID)
		l.Hub.Serve(w, r, "")
	}))
	mux.HandleFunc("POST /here", s.staff(func(w http.ResponseWriter, _ *http.Request, who signin.Person) { l.StaffIsHere(who.ID) }))
	mux.HandleFunc("POST /seen", lasting(s.staff(func(w http.ResponseWriter, r *http.Request, _ signin.Person) { l.Seen(r.Context()) })))
	mux.HandleFunc("POST /signin", s.signIn)
	mux.HandleFunc("POST /signout", s.signOut)
	mux.HandleFunc("POST /language", s.language)
	mux.HandleFunc("POST /shift", lasting(s.staff(s.shift)))
	mux.HandleFunc("POST /do/{verb}", lasting(s.staff(s.do)))
	mux.HandleFunc("GET /chat", s.chat)
	mux.HandleFunc("GET /chat/view", s.childView)
	mux.HandleFunc("GET /chat/live", s.childLive)
	mux.HandleFunc("POST /chat/{verb}", lasting(s.childDo))
	mux.Handle("GET /assets/", http.StripPrefix("/assets/", http.FileServerFS(page.Assets())))
	return s.guarded(mux)
}

// lasting lets a request outlast its page: what a child or a counsellor asked for is recorded even if the
// page is closed at once.
func lasting(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), line.Patience)
		defer cancel()
		next(w, r.WithContext(ctx))
	}
}

type nonceKey struct{}

// largest is the most that a form may have.
const largest = 64 << 10

// guarded admits a page's own scripts and styles by nonce, no other site's forms, and no other name.
func (s *Server) guarded(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != s.host {
			http.Error(w, "this desk answers as "+s.host, http.StatusMisdirectedRequest)
			return
		}
		nonce := rand.Text()
		headers(w.Header(), nonce)
		r.Body = http.MaxBytesReader(w, r.Body, largest)
		cross.Handler(next).ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), nonceKey{}, nonce)))
	})
}

// headers leave no traces and admit nothing that is not this page's.
func headers(h http.Header, nonce string) {
	h.Set("Content-Security-Policy", strings.ReplaceAll(policy, "NONCE", "'nonce-"+nonce+"'"))
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

const policy = "default-src 'none'; script-src NONCE; style-src NONCE; img-src data:; connect-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types stafett"

func nonce(r *http.Request) string { return r.Context().Value(nonceKey{}).(string) }

// name is a line's name in a language.
func (s *Server) name(l words.Language) func(string) string {
	return func(name string) string {
		names := s.line.Line(name).GetDisplayNames()
		for _, tag := range []string{l.Lang(), "nb", "da", "en"} {
			if names[tag] != "" {
				return names[tag]
			}
		}
		return strings.TrimPrefix(name, "lines/")
	}
}

func (s *Server) desk(r *http.Request, l words.Language) page.Desk {
	return page.Desk{
		Language: l, Nonce: nonce(r), ID: uuid.NewString(), Us: s.line.Name(), Name: s.name(l), Zone: s.line.Zone(), Now: s.now(), Everybody: s.sign.Staff(),
	}
}
