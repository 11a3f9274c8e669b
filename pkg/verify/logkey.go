package verify

import (
	"crypto/ed25519"
	"fmt"

	"golang.org/x/mod/sumdb/note"
)

// Log is a log's name, which is its origin line, and its public key. It is a note.Verifier.
type Log struct {
	name   string
	id     uint32
	public ed25519.PublicKey
}

var _ note.Verifier = Log{}

// NewLog returns a log with an origin and a key.
func NewLog(origin string, public ed25519.PublicKey) (Log, error) {
	if _, err := note.NewEd25519VerifierKey(origin, public); err != nil {
		return Log{}, err
	}
	return Log{name: origin, id: keyID(origin, algorithmEd25519, public), public: public}, nil
}

// ParseLog reads a log's vkey.
func ParseLog(vkey string) (Log, error) {
	name, public, err := parseKey(vkey, algorithmEd25519)
	if err != nil {
		return Log{}, err
	}
	return NewLog(name, public)
}

// Name returns the log's origin.
func (l Log) Name() string { return l.name }

// KeyHash returns the id of the log's key.
func (l Log) KeyHash() uint32 { return l.id }

// VKey returns the log in the form that policies use.
func (l Log) VKey() string {
	vkey, err := note.NewEd25519VerifierKey(l.name, l.public)
	if err != nil {
		panic(fmt.Sprintf("%s was a log's name when it was made: %v", l.name, err))
	}
	return vkey
}

// Verify reports whether a signature over a checkpoint's text is the log's.
func (l Log) Verify(text, signature []byte) bool {
	return ed25519.Verify(l.public, text, signature)
}

// LogSigner is a log with its private key. It is a note.Signer.
type LogSigner struct {
	Log
	private ed25519.PrivateKey
}

var _ note.Signer = LogSigner{}

// NewLogSigner returns a log that can sign.
func NewLogSigner(origin string, private ed25519.PrivateKey) (LogSigner, error) {
	l, err := NewLog(origin, private.Public().(ed25519.PublicKey))
	return LogSigner{Log: l, private: private}, err
}

// Sign signs a checkpoint's text.
func (l LogSigner) Sign(text []byte) ([]byte, error) { return ed25519.Sign(l.private, text), nil }
