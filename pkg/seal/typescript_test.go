package seal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// exchanges is how often each side opens what the other one granted and sealed.
const exchanges = 50

type passed struct {
	Grant []byte `json:"grant"`
	Blob  []byte `json:"blob"`
}

// TestTypeScript exchanges grants and blobs with examples/sealing, which uses none of our code.
// STAFETT_SEALING_EXAMPLE names its folder once it is built.
func TestTypeScript(t *testing.T) {
	folder := os.Getenv("STAFETT_SEALING_EXAMPLE")
	if folder == "" {
		t.Skip("STAFETT_SEALING_EXAMPLE is not set, so nothing was exchanged with the TypeScript example")
	}
	us, them := mustLine(t, "ours"), mustLine(t, "theirs")
	place := Place{Domain: "stafett.example", Conversation: "conversations/c", Handover: "conversations/c/handovers/1", Epoch: 3, Kind: sealv1.Kind_KIND_BRIDGE, Item: "m-1"}
	terms := &sealv1.GrantTerms{Conversation: place.Conversation, Epoch: 3, Handover: place.Handover, Offer: place.Handover + "/offers/2",
		ConsentPosition: 77, Kind: place.Kind, Part: handoverv1.Scope_SCOPE_SUMMARY}
	var all []passed
	for i := range exchanges {
		all = append(all, pass(t, us, them.Sealing(), place, terms, fmt.Sprintf("from Go %d", i)))
	}
	answer := exchange(t, folder, us, them, place, terms, all)
	giver, err := VerifyKey(answer.statement(t), place.Domain, "theirs", nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range exchanges {
		if want := fmt.Sprintf("from Go %d", i); string(answer.Opened[i]) != want {
			t.Errorf("they opened %q, want %q", answer.Opened[i], want)
		}
		if got, want := receive(t, us, giver, place, terms, answer.Passed[i]), fmt.Sprintf("from TypeScript %d", i); got != want {
			t.Errorf("we opened %q, want %q", got, want)
		}
	}
}

type theirAnswer struct {
	Opened    [][]byte `json:"opened"`
	Statement []byte   `json:"statement"`
	Passed    []passed `json:"passed"`
}

func (a theirAnswer) statement(t *testing.T) *sealv1.SignedKey {
	statement := &sealv1.SignedKey{}
	if err := proto.Unmarshal(a.Statement, statement); err != nil {
		t.Fatal(err)
	}
	return statement
}

func exchange(t *testing.T, folder string, us, them *Line, place Place, terms *sealv1.GrantTerms, all []passed) (answer theirAnswer) {
	seed, err := them.sealing[0].private.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	given, err := json.Marshal(map[string]any{
		"place": map[string]any{"domain": place.Domain, "conversation": place.Conversation, "handover": place.Handover, "epoch": place.Epoch, "kind": place.Kind, "item": place.Item},
		"terms": map[string]any{"conversation": terms.Conversation, "epoch": terms.Epoch, "handover": terms.Handover, "offer": terms.Offer,
			"consent_position": terms.ConsentPosition, "kind": terms.Kind, "part": terms.Part},
		"giver":    map[string]any{"line": us.ID(), "keyID": us.Signing().ID, "publicKey": us.Signing().PublicKey},
		"receiver": map[string]any{"line": them.ID(), "seed": seed},
		"sealTo":   map[string]any{"line": us.ID(), "keyID": us.Sealing().ID, "publicKey": us.Sealing().PublicKey},
		"passed":   all,
	})
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "node", filepath.Join(folder, "dist/check.js"), filepath.Join(folder, "../../proto"))
	command.Stdin, command.Stderr = bytes.NewReader(given), os.Stderr
	text, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &answer); err != nil || len(answer.Opened) != exchanges || len(answer.Passed) != exchanges {
		t.Fatalf("they answered %d and %d, %v", len(answer.Opened), len(answer.Passed), err)
	}
	return answer
}

func pass(t *testing.T, from *Line, to *PublicKey, place Place, terms *sealv1.GrantTerms, words string) passed {
	key := NewContentKey()
	grant, err := from.Grant(to, terms, key)
	if err != nil {
		t.Fatal(err)
	}
	blob, err := key.Seal(place, []byte(words))
	if err != nil {
		t.Fatal(err)
	}
	text, err := proto.Marshal(grant)
	if err != nil {
		t.Fatal(err)
	}
	return passed{text, blob}
}

func receive(t *testing.T, us *Line, giver *PublicKey, place Place, terms *sealv1.GrantTerms, p passed) string {
	grant := &sealv1.Grant{}
	if err := proto.Unmarshal(p.Grant, grant); err != nil {
		t.Fatal(err)
	}
	key, err := us.OpenGrant(grant, terms, giver)
	if err != nil {
		t.Fatal(err)
	}
	text, err := key.Open(place, p.Blob)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func mustLine(t *testing.T, id string) *Line {
	l, err := NewLine("stafett.example", id, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return l
}
