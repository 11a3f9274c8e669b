// Package signin says who of the line's staff a browser belongs to. Its provider is built in and asks for
// no password, so it serves on loopback alone; OpenID Connect takes its place at a real line.
package signin

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/stafett/stafett/services/desk/internal/store"
)

// Person is somebody of the line's staff, under a pseudonym.
type Person struct {
	ID, Name   string
	Supervisor bool
}

// lasts is how long a session lasts: one shift.
const lasts = 12 * time.Hour

const kind = "session"

// Session is a browser's, kept by the hash of its token.
type Session struct {
	Person   string
	Language string
	Expires  time.Time
}

// Desk signs the staff of one line in.
type Desk struct {
	line  string
	staff []Person
	store *store.Store
	now   func() time.Time
}

func New(line string, staff []Person, store *store.Store, now func() time.Time) *Desk {
	return &Desk{line, staff, store, now}
}

// Staff are those who can sign in.
func (d *Desk) Staff() []Person { return d.staff }

// Person finds one of the staff.
func (d *Desk) Person(id string) (Person, bool) {
	at := slices.IndexFunc(d.staff, func(p Person) bool { return p.ID == id })
	if at < 0 {
		return Person{}, false
	}
	return d.staff[at], true
}

// cookie differs by line: browsers share cookies between the ports of a machine.
func (d *Desk) cookie() string { return "stafett-" + d.line }

// In signs a person in. What the browser was signed in as before ends.
func (d *Desk) In(w http.ResponseWriter, r *http.Request, person, language string) error {
	token := rand.Text()
	err := d.store.Put(kind, hash(token), Session{person, language, d.now().Add(lasts)})
	if err != nil {
		return err
	}
	http.SetCookie(w, d.made(token, int(lasts.Seconds())))
	return d.forget(r)
}

// Out ends a browser's session.
func (d *Desk) Out(w http.ResponseWriter, r *http.Request) error {
	http.SetCookie(w, d.made("", -1))
	return d.forget(r)
}

// forget ends the session of a request, if it has one.
func (d *Desk) forget(r *http.Request) error {
	if sent, err := r.Cookie(d.cookie()); err == nil {
		return d.store.Delete(kind, hash(sent.Value))
	}
	return nil
}

func (d *Desk) made(token string, age int) *http.Cookie {
	return &http.Cookie{Name: d.cookie(), Value: token, Path: "/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteStrictMode}
}

// Who says whose a request is, and in which language.
func (d *Desk) Who(r *http.Request) (Person, Session, bool) {
	sent, err := r.Cookie(d.cookie())
	if err != nil {
		return Person{}, Session{}, false
	}
	var s Session
	if d.store.Get(kind, hash(sent.Value), &s) != nil || d.now().After(s.Expires) {
		return Person{}, Session{}, false
	}
	person, known := d.Person(s.Person)
	return person, s, known
}

func hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// ErrNotLoopback: sign-in without a password must not be reached from another machine.
var ErrNotLoopback = errors.New("the built-in sign-in asks for no password and so serves on 127.0.0.1 or ::1 alone")

// OnLoopback refuses an address that other machines could reach.
func OnLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return ErrNotLoopback
	}
	return nil
}
