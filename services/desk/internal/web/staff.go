package web

import (
	"net/http"

	"github.com/stafett/stafett/services/desk/internal/line"
	"github.com/stafett/stafett/services/desk/internal/page"
	"github.com/stafett/stafett/services/desk/internal/signin"
	"github.com/stafett/stafett/services/desk/internal/words"
)

type staffHandler func(http.ResponseWriter, *http.Request, signin.Person)

// staff admits the line's people.
func (s *Server) staff(next staffHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, _, known := s.sign.Who(r)
		if !known {
			w.WriteHeader(http.StatusUnauthorized)
			s.show(w, r, words.Accepted(r.Header.Get("Accept-Language")))
			return
		}
		next(w, r, who)
	}
}

// console shows the staff's page, or the page to sign in.
func (s *Server) console(w http.ResponseWriter, r *http.Request) {
	who, _, known := s.sign.Who(r)
	if !known {
		s.show(w, r, words.Accepted(r.Header.Get("Accept-Language")))
		return
	}
	s.line.StaffIsHere(who.ID)
	s.consoleOf(w, r, who, r.FormValue("c"), "")
}

// show shows the page to sign in.
func (s *Server) show(w http.ResponseWriter, r *http.Request, l words.Language) {
	s.failed(w, s.desk(r, l).SignIn(w))
}

// consoleOf shows a person their page, with a conversation open and what went wrong, if anything did.
func (s *Server) consoleOf(w http.ResponseWriter, r *http.Request, who signin.Person, short, problem string) {
	d := s.deskOf(r, who)
	d.Problem, d.Chosen = problem, page.Full(d.Views, short)
	if r.FormValue("find") != "" {
		s.find(r, &d)
	}
	if problem != "" {
		w.WriteHeader(http.StatusUnprocessableEntity)
	}
	s.failed(w, d.Console(w))
}

// deskOf is the line as one person sees it, in the language of their session.
func (s *Server) deskOf(r *http.Request, who signin.Person) page.Desk {
	_, session, _ := s.sign.Who(r)
	d := s.desk(r, words.Of(session.Language))
	d.Person, d.OnShift, d.Trouble = who, s.line.OnShift(who.ID), s.line.Trouble()
	d.Views, d.Offered, d.Calls, d.Shifts = s.line.Views(), s.line.Offers(), s.line.Calls(), s.line.Shifts()
	d.Asked = s.asked(d)
	return d
}

// overview is for supervisors: others see why not.
func (s *Server) overview(w http.ResponseWriter, r *http.Request, who signin.Person) {
	d := s.deskOf(r, who)
	if !who.Supervisor {
		s.consoleOf(w, r, who, "", d.Staff("only_supervisors"))
		return
	}
	s.failed(w, d.Overview(w))
}

func (s *Server) find(r *http.Request, d *page.Desk) {
	open := d.Open()
	if open == nil {
		return
	}
	found, err := s.line.Find(r.Context(), open.View)
	d.Found = found
	if err != nil {
		d.Problem = d.Refusal(reason(err))
	}
}

// asked are the overrides that still wait for a signature, in words.
func (s *Server) asked(d page.Desk) (all []page.Signature) {
	for _, o := range s.line.Overrides() {
		v, _ := s.line.View(o.Conversation)
		if o.Void(v) {
			continue
		}
		by, _ := s.sign.Person(o.By)
		all = append(all, page.Signature{
			Key: o.Handover, By: by.Name, For: o.For, Why: d.Code(o.Code), Risk: d.Code(v.Conversation.GetAssessment().GetRisk()),
			Short: page.Short(o.Conversation), Conversation: o.Conversation,
		})
	}
	return all
}

func (s *Server) failed(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, "this page could not be made; reload it", http.StatusInternalServerError)
	}
}

func (s *Server) signIn(w http.ResponseWriter, r *http.Request) {
	l := words.Accepted(r.Header.Get("Accept-Language"))
	person, known := s.sign.Person(r.PostFormValue("person"))
	if !known {
		w.WriteHeader(http.StatusUnprocessableEntity)
		s.show(w, r, l)
		return
	}
	if err := s.sign.In(w, r, person.ID, l.Lang()); err != nil {
		s.failed(w, err)
		return
	}
	s.line.Wake()
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request) {
	if err := s.sign.Out(w, r); err != nil {
		s.failed(w, err)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// language changes the language of a session, by signing the same person in again.
func (s *Server) language(w http.ResponseWriter, r *http.Request) {
	if who, _, known := s.sign.Who(r); known {
		if err := s.sign.In(w, r, who.ID, words.Of(r.PostFormValue("language")).Lang()); err != nil {
			s.failed(w, err)
			return
		}
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (s *Server) shift(w http.ResponseWriter, r *http.Request, who signin.Person) {
	if err := s.line.Shift(r.Context(), who.ID, r.PostFormValue("on") == "yes"); err != nil {
		s.failed(w, err)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// do carries out what a form asks for, and shows the page again.
func (s *Server) do(w http.ResponseWriter, r *http.Request, who signin.Person) {
	a, err := s.action(r, who)
	if err == nil {
		err = a.run(r.PathValue("verb"))
	}
	if err != nil {
		s.consoleOf(w, r, who, a.short, s.deskOf(r, who).Refusal(reason(err)))
		return
	}
	http.Redirect(w, r, "/?c="+a.short, http.StatusSeeOther)
}

// action reads a form.
func (s *Server) action(r *http.Request, who signin.Person) (a action, err error) {
	a = action{server: s, request: r, who: who, short: r.PostFormValue("c")}
	if offer := r.PostFormValue("offer"); offer != "" {
		a.offer, a.short = offer, page.Short(offer)
	}
	a.view, a.known = s.line.View(page.Full(s.line.Views(), a.short))
	if a.id, err = id(r); err != nil {
		return a, err
	}
	if !a.known && a.offer == "" {
		return a, line.ErrUnknown
	}
	return a, nil
}
