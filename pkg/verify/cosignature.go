package verify

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"
)

// The algorithm byte of a key, as in vkeys.
const (
	algorithmEd25519     = 1
	algorithmCosignature = 4
)

// Witness is a witness's name and public key. It verifies cosignatures as a note.Verifier.
type Witness struct {
	name   string
	id     uint32
	public ed25519.PublicKey
}

var _ note.Verifier = Witness{}

// NewWitness returns a witness with a name and a key.
func NewWitness(name string, public ed25519.PublicKey) (Witness, error) {
	if name == "" || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsSpace) || strings.Contains(name, "+") {
		return Witness{}, fmt.Errorf("%q is not a witness's name: write something without spaces and +, such as witness.example/w1", name)
	}
	return Witness{name: name, id: keyID(name, algorithmCosignature, public), public: public}, nil
}

func keyID(name string, algorithm byte, public []byte) uint32 {
	sum := sha256.Sum256(append(append([]byte(name), '\n', algorithm), public...))
	return binary.BigEndian.Uint32(sum[:])
}

// ParseWitness reads a witness's vkey.
func ParseWitness(vkey string) (Witness, error) {
	name, public, err := parseKey(vkey, algorithmCosignature)
	if err != nil {
		return Witness{}, err
	}
	return NewWitness(name, public)
}

// byteOrderMark begins text files of some editors, and means nothing.
const byteOrderMark = "\ufeff"

// parseKey reads a vkey, NAME+ID+KEY. It refuses an id that does not match the name and key.
func parseKey(vkey string, algorithm byte) (name string, public ed25519.PublicKey, err error) {
	parts := strings.SplitN(strings.TrimPrefix(vkey, byteOrderMark), "+", 3)
	if len(parts) != 3 {
		return "", nil, fmt.Errorf("%q is not a key: write NAME+ID+KEY, as its owner gave it", vkey)
	}
	key, err := base64.StdEncoding.Strict().DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize {
		return "", nil, fmt.Errorf("the key of %s is not an Ed25519 key in base64", parts[0])
	}
	if key[0] != algorithm {
		return "", nil, fmt.Errorf("the key of %s is of kind %d and must be of kind %d (1 is a log's, 4 a witness's)", parts[0], key[0], algorithm)
	}
	if want := fmt.Sprintf("%08x", keyID(parts[0], algorithm, key[1:])); want != parts[1] {
		return "", nil, fmt.Errorf("the key of %s has the id %s and says %s: it was altered", parts[0], want, parts[1])
	}
	return parts[0], ed25519.PublicKey(key[1:]), nil
}

// Name returns the witness's name.
func (w Witness) Name() string { return w.name }

// KeyHash returns the id of the witness's key.
func (w Witness) KeyHash() uint32 { return w.id }

// VKey returns the witness in the form that policies use.
func (w Witness) VKey() string {
	return fmt.Sprintf("%s+%08x+%s", w.name, w.id, base64.StdEncoding.EncodeToString(append([]byte{algorithmCosignature}, w.public...)))
}

// Verify reports whether a cosignature, which begins with its time, is the witness's.
func (w Witness) Verify(text, signature []byte) bool {
	at, raw, err := splitCosignature(signature)
	return err == nil && ed25519.Verify(w.public, cosigned(at, text), raw)
}

func splitCosignature(signature []byte) (at uint64, raw []byte, err error) {
	if len(signature) != 8+ed25519.SignatureSize {
		return 0, nil, errors.New("a cosignature has 72 bytes")
	}
	at = binary.BigEndian.Uint64(signature)
	if at > math.MaxInt64 {
		return 0, nil, errors.New("the cosignature's time is out of range")
	}
	return at, signature[8:], nil
}

// cosigned returns the text that a witness signs.
func cosigned(at uint64, text []byte) []byte {
	return fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", at, text)
}

// Cosigner is a witness with its private key. It is a note.Signer.
type Cosigner struct {
	Witness
	private ed25519.PrivateKey
	now     func() time.Time
}

var _ note.Signer = Cosigner{}

// NewCosigner returns a witness that can sign. Its signatures carry the time from now.
func NewCosigner(name string, private ed25519.PrivateKey, now func() time.Time) (Cosigner, error) {
	w, err := NewWitness(name, private.Public().(ed25519.PublicKey))
	return Cosigner{Witness: w, private: private, now: now}, err
}

// Sign cosigns a checkpoint's text.
func (c Cosigner) Sign(text []byte) ([]byte, error) {
	at := uint64(c.now().Unix())
	signature := binary.BigEndian.AppendUint64(nil, at)
	return append(signature, ed25519.Sign(c.private, cosigned(at, text))...), nil
}
