package web

import (
	"net/http"
	"strings"

	"github.com/google/uuid"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/desk/internal/line"
	"github.com/stafett/stafett/services/desk/internal/page"
	"github.com/stafett/stafett/services/desk/internal/words"
)

// secret is what the child's own tab sends with every request but the first.
func secret(r *http.Request) string {
	sent, is := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !is || len(sent) < 20 || len(sent) > 64 {
		return ""
	}
	return sent
}

// whose finds the child of a request.
func (s *Server) whose(r *http.Request) (line.View, bool) {
	if secret(r) == "" {
		return line.View{}, false
	}
	return s.line.BySecret(secret(r))
}

func (s *Server) child(r *http.Request) page.Child {
	l := words.Accepted(r.Header.Get("Accept-Language"))
	c := page.Child{Nonce: nonce(r), ID: uuid.NewString(), Us: s.line.Name(), Zone: s.line.Zone()}
	if v, known := s.whose(r); known {
		c.View, l = &v, words.Of(v.Language)
	}
	c.Language, c.Name = l, s.name(l)
	return c
}

func (s *Server) chat(w http.ResponseWriter, r *http.Request) {
	s.line.Wake()
	s.failed(w, s.child(r).Page(w))
}

func (s *Server) childView(w http.ResponseWriter, r *http.Request) {
	s.failed(w, s.child(r).Fragment(w))
}

func (s *Server) childLive(w http.ResponseWriter, r *http.Request) {
	v, known := s.whose(r)
	if !known {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	s.isBack(v)
	s.line.Hub.Serve(w, r, v.Name)
}

// isBack notes that the child's window answers.
func (s *Server) isBack(v line.View) {
	s.line.ChildIsHere(v.Name)
	if v.Quickly {
		s.line.QuickExit(v.Name, false)
	}
}

// childDo carries out what the child's page asks for, and shows it again.
func (s *Server) childDo(w http.ResponseWriter, r *http.Request) {
	verb := r.PathValue("verb")
	err := s.childAction(r, verb)
	if verb == "here" || verb == "quick" {
		return
	}
	c := s.child(r)
	if err != nil {
		c.Problem = c.Language.Child(childProblem(err))
		w.WriteHeader(statusOf(err))
	}
	s.failed(w, c.Fragment(w))
}

// statusOf lets the page's script tell what to send again from what to give up.
func statusOf(err error) int {
	switch reason(err) {
	case "UNKNOWN":
		return http.StatusNotFound
	case "UNCERTAIN", "INTERNAL", "LOG_UNAVAILABLE", "CONTENDED", "STORAGE_UNAVAILABLE", "NOT_READY":
		return http.StatusServiceUnavailable
	default:
		return http.StatusUnprocessableEntity
	}
}

// childProblem names a text: a child learns what to do, not why a machine failed.
func childProblem(err error) string {
	switch reason(err) {
	case "UNKNOWN":
		return "unknown_code"
	case "TOO_LONG":
		return "too_long"
	case "PART_NOT_CURRENT", "HANDOVER_STATE":
		return "changed"
	default:
		return "trouble"
	}
}

func (s *Server) childAction(r *http.Request, verb string) error {
	if verb == "open" {
		return s.open(r)
	}
	v, known := s.whose(r)
	if !known {
		return line.ErrUnknown
	}
	do, known := childVerbs[verb]
	if !known {
		return invalid
	}
	return do(childAction{s, r, v})
}

// open opens a conversation under the secret that the child's tab has made.
func (s *Server) open(r *http.Request) error {
	if secret(r) == "" {
		return invalid
	}
	_, err := s.line.OpenConversation(r.Context(), secret(r), words.Of(r.PostFormValue("language")).Lang(), ages[r.PostFormValue("age")])
	return err
}

// ages are the bands to choose from; none is unknown.
var ages = map[string]*handoverv1.AgeBand{
	"9-12": {MinYears: 9, MaxYears: 12}, "13-15": {MinYears: 13, MaxYears: 15}, "16-18": {MinYears: 16, MaxYears: 18}, "19-23": {MinYears: 19, MaxYears: 23},
}
