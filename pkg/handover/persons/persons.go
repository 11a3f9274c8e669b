// Package persons decides whether two persons of a line have signed a command. The platform sees keys,
// not persons: that two keys are two people is the line's promise.
package persons

import (
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/staffkey"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Signed is what a request carries of its two persons.
type Signed struct {
	// Hash is the request's hash, as in Shown.
	Hash []byte
	// Signatures are the first person's and the second's.
	Signatures []*handoverv1.SecondSignature
	// Staff finds the keys of the line that gives the command.
	Staff handover.Staff
}

// Request is a request that two persons can sign.
type Request interface {
	proto.Message
	GetSignatures() []*handoverv1.SecondSignature
}

// Of returns what two persons signed of a command.
func Of(command string, staff handover.Staff, request Request) Signed {
	signed := Signed{Signatures: request.GetSignatures(), Staff: staff}
	if len(signed.Signatures) > 0 {
		signed.Hash = staffkey.RequestHash(command, request)
	}
	return signed
}

// Wanted says who must have signed a command of a line.
type Wanted struct {
	Line string
	// First and Second are pseudonyms that the request names. Empty: it names none.
	First, Second string
	// Supervisor: the second must be one.
	Supervisor bool
}

// Require refuses unless two persons have signed, and returns the proof.
func (s Signed) Require(t *decide.Turn, w Wanted) (*handoverv1.TwoPersons, error) {
	if len(s.Signatures) != 2 {
		return nil, missing(w, "two persons must sign")
	}
	proof := &handoverv1.TwoPersons{}
	for i, signature := range s.Signatures {
		word, err := s.word(t, w, signature)
		if err != nil {
			return nil, err
		}
		if err := w.admits(t, i, word.Key); err != nil {
			return nil, err
		}
		proof.Words = append(proof.Words, word)
	}
	return proof, w.differ(proof.Words)
}
