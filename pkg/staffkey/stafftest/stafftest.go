// Package stafftest makes keys for the people of tests, stories and simulations.
package stafftest

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/staffkey"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Person is somebody at a line, with a key.
type Person struct {
	Key     *handoverv1.StaffKey
	ID      []byte
	private ed25519.PrivateKey
}

// New returns a person with a key that derives from what names them. Whoever knows the names has the key.
func New(line, name string, roles ...handoverv1.StaffRole) Person {
	seed := sha256.Sum256([]byte(line + "\x00" + name))
	return person(ed25519.NewKeyFromSeed(seed[:]), name, roles)
}

// Fresh returns a person with a key of their own.
func Fresh(name string, roles ...handoverv1.StaffRole) (Person, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return Person{}, err
	}
	return person(private, name, roles), nil
}

func person(private ed25519.PrivateKey, name string, roles []handoverv1.StaffRole) Person {
	key := &handoverv1.StaffKey{Participant: name, Roles: roles, PublicKey: &handoverv1.StaffKey_Ed25519{Ed25519: private.Public().(ed25519.PublicKey)}}
	id, err := staffkey.ID(key)
	if err != nil {
		panic(err) // a message of three fields that was just made
	}
	return Person{key, id, private}
}

// Sign signs what the person is shown, at an instant. The nonce derives from a number, so that it is
// another one whenever the number is.
func (p Person) Sign(shown *handoverv1.Shown, at time.Time, number []byte) *handoverv1.SecondSignature {
	shown = proto.CloneOf(shown)
	nonce := sha256.Sum256(append([]byte(p.Key.Participant+"\x00"), number...))
	shown.SignTime, shown.Nonce = timestamppb.New(at), nonce[:16]
	signature, err := staffkey.Sign(p.Key, p.private, shown)
	if err != nil {
		panic(err)
	}
	return signature
}
