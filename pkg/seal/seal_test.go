package seal_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/seal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

var now = time.Date(2026, 11, 30, 20, 0, 0, 0, time.UTC)

const conversation = "conversations/0123456789abcdef0123456789abcdef"

func place() seal.Place {
	return seal.Place{Domain: "stafett.example", Conversation: conversation, Handover: conversation + "/handovers/1",
		Epoch: 1, Kind: sealv1.Kind_KIND_PACKET_PART, Item: "ONE_LINE"}
}

func terms() *sealv1.GrantTerms {
	return &sealv1.GrantTerms{Conversation: conversation, Epoch: 1, Handover: conversation + "/handovers/1",
		Offer: conversation + "/handovers/1/offers/1", ConsentPosition: 7, Kind: sealv1.Kind_KIND_PACKET_PART, Part: handoverv1.Scope_SCOPE_ONE_LINE}
}

func line(t testing.TB, id string) *seal.Line {
	t.Helper()
	l, err := seal.NewLine("stafett.example", id, now)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func sealed(t testing.TB, key seal.ContentKey, text string) []byte {
	t.Helper()
	blob, err := key.Seal(place(), []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return blob
}

func TestWhatWasGrantedOpens(t *testing.T) {
	giver, receiver, key := line(t, "snakkommobbing"), line(t, "alarmtelefonen"), seal.NewContentKey()
	grant, err := giver.Grant(receiver.Sealing(), terms(), key)
	if err != nil {
		t.Fatal(err)
	}
	if err := receiver.Rotate(now); err != nil { // a grant may arrive after a rotation
		t.Fatal(err)
	}
	opened, err := receiver.OpenGrant(grant, terms(), giver.Signing())
	if err != nil {
		t.Fatal(err)
	}
	if text, err := opened.Open(place(), sealed(t, key, "agreed")); err != nil || string(text) != "agreed" {
		t.Errorf("opened %q, %v", text, err)
	}
	if err := receiver.Retire(grantKey(t, grant)); err != nil {
		t.Fatal(err)
	}
	if _, err := receiver.OpenGrant(grant, terms(), giver.Signing()); !errors.Is(err, seal.ErrGrant) {
		t.Errorf("opened with a key that was destroyed: %v", err)
	}
}

func grantKey(t *testing.T, grant *sealv1.Grant) []byte {
	terms := &sealv1.GrantTerms{}
	if err := proto.Unmarshal(grant.Terms, terms); err != nil {
		t.Fatal(err)
	}
	return terms.ReceiverKey
}

// TestABlobOpensInItsPlaceAlone changes each field of the place.
func TestABlobOpensInItsPlaceAlone(t *testing.T) {
	key := seal.NewContentKey()
	blob := sealed(t, key, "agreed")
	for i, change := range []func(*seal.Place){
		func(p *seal.Place) { p.Domain = "other.example" }, func(p *seal.Place) { p.Conversation += "0" },
		func(p *seal.Place) { p.Handover = "" }, func(p *seal.Place) { p.Epoch++ },
		func(p *seal.Place) { p.Kind = sealv1.Kind_KIND_BRIDGE }, func(p *seal.Place) { p.Item = "SUMMARY" },
		func(p *seal.Place) { p.Domain, p.Conversation = p.Domain+"c", p.Conversation[1:] },
	} {
		p := place()
		change(&p)
		if _, err := key.Open(p, blob); !errors.Is(err, seal.ErrOpen) {
			t.Errorf("%d: opened elsewhere: %v", i, err)
		}
	}
	if _, err := seal.NewContentKey().Open(place(), blob); !errors.Is(err, seal.ErrOpen) {
		t.Errorf("opened with another key: %v", err)
	}
}

func TestChangedBlobs(t *testing.T) {
	key := seal.NewContentKey()
	blob := sealed(t, key, "agreed")
	for at := range blob {
		changed := bytes.Clone(blob)
		changed[at] ^= 1
		if _, err := key.Open(place(), changed); err == nil {
			t.Fatalf("byte %d can be changed", at)
		}
		if _, err := key.Open(place(), blob[:at]); !errors.Is(err, seal.ErrNotSealed) {
			t.Fatalf("cut to %d bytes: %v", at, err)
		}
	}
}

// TestASizeSaysTheBucketOnly: every length in a bucket gives one size, which is all a platform sees.
func TestASizeSaysTheBucketOnly(t *testing.T) {
	key, sizes := seal.NewContentKey(), map[int]bool{}
	for _, length := range []int{1, 100, 252, 253, 1020, 1021, 4092, 4093, seal.MaxText} {
		blob := sealed(t, key, strings.Repeat("x", length))
		if err := seal.Check(blob); err != nil || seal.Bucket(blob) < length || len(blob) > seal.MaxBlob {
			t.Errorf("%d: %v, bucket %d", length, err, seal.Bucket(blob))
		}
		sizes[len(blob)] = true
		if text, err := key.Open(place(), blob); err != nil || len(text) != length {
			t.Errorf("%d: opened to %d bytes, %v", length, len(text), err)
		}
	}
	if len(sizes) != len(seal.Buckets) {
		t.Errorf("%d sizes, want %d", len(sizes), len(seal.Buckets))
	}
	for _, length := range []int{0, seal.MaxText + 1} {
		if _, err := key.Seal(place(), make([]byte, length)); err == nil {
			t.Errorf("a text of %d bytes was sealed", length)
		}
	}
}

// TestEveryTermOfAGrantCounts: for each field of the terms, a grant made for another value is refused,
// and names the field.
func TestEveryTermOfAGrantCounts(t *testing.T) {
	giver, receiver := line(t, "a"), line(t, "b")
	filled := map[string]bool{"domain": true, "giver": true, "giver_key": true, "receiver": true, "receiver_key": true, "content_key": true}
	fields := (&sealv1.GrantTerms{}).ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		if filled[string(field.Name())] {
			continue
		}
		other := terms()
		other.ProtoReflect().Set(field, another(other.ProtoReflect().Get(field)))
		grant, err := giver.Grant(receiver.Sealing(), other, seal.NewContentKey())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := receiver.OpenGrant(grant, terms(), giver.Signing()); !errors.Is(err, seal.ErrGrant) || !strings.Contains(err.Error(), string(field.Name())) {
			t.Errorf("%s: %v", field.Name(), err)
		}
	}
}

func another(value protoreflect.Value) protoreflect.Value {
	switch v := value.Interface().(type) {
	case string:
		return protoreflect.ValueOfString(v + "1")
	case uint32:
		return protoreflect.ValueOfUint32(v + 1)
	case uint64:
		return protoreflect.ValueOfUint64(v + 1)
	case protoreflect.EnumNumber:
		return protoreflect.ValueOfEnum(v + 1)
	}
	panic(fmt.Sprintf("a term of type %T has no other value", value.Interface()))
}

// TestForgedGrants: what a platform that lies can do to a grant.
func TestForgedGrants(t *testing.T) {
	giver, receiver, stranger := line(t, "a"), line(t, "b"), line(t, "c")
	grant := func(from *seal.Line, to *seal.PublicKey) *sealv1.Grant {
		g, err := from.Grant(to, terms(), seal.NewContentKey())
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	mixed, second := grant(giver, receiver.Sealing()), grant(giver, receiver.Sealing())
	mixed.Wrapped = second.Wrapped
	edited := grant(giver, receiver.Sealing())
	edited.Terms[len(edited.Terms)-1] ^= 1
	elsewhere := line(t, "b")
	for name, g := range map[string]*sealv1.Grant{
		"by a stranger": grant(stranger, receiver.Sealing()), "to a stranger": grant(giver, stranger.Sealing()),
		"another wrapped key": mixed, "edited terms": edited, "to a swapped key": grant(giver, elsewhere.Sealing()), "empty": {},
	} {
		if _, err := receiver.OpenGrant(g, terms(), giver.Signing()); !errors.Is(err, seal.ErrGrant) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if bytes.Equal(seal.GrantHash(grant(giver, receiver.Sealing())), seal.GrantHash(second)) {
		t.Error("two grants have one hash")
	}
}

func TestStatementsAboutKeys(t *testing.T) {
	l, other := line(t, "a"), line(t, "a")
	good := l.Sealing().Statement
	if key, err := seal.VerifyKey(good, "stafett.example", "a", l.Signing()); err != nil || key.Usable(now) != nil {
		t.Fatalf("a good key: %v", err)
	}
	changed := proto.CloneOf(good)
	changed.Key[3] ^= 1
	for name, try := range map[string]func() error{
		"another domain":          func() error { _, err := seal.VerifyKey(good, "other.example", "a", l.Signing()); return err },
		"another line":            func() error { _, err := seal.VerifyKey(good, "stafett.example", "b", l.Signing()); return err },
		"another signer":          func() error { _, err := seal.VerifyKey(good, "stafett.example", "a", other.Signing()); return err },
		"signed by itself":        func() error { _, err := seal.VerifyKey(good, "stafett.example", "a", nil); return err },
		"signed by a sealing key": func() error { _, err := seal.VerifyKey(good, "stafett.example", "a", l.Sealing()); return err },
		"changed":                 func() error { _, err := seal.VerifyKey(changed, "stafett.example", "a", l.Signing()); return err },
		"empty":                   func() error { _, err := seal.VerifyKey(nil, "stafett.example", "a", l.Signing()); return err },
		"too early":               func() error { return l.Sealing().Usable(now.Add(-time.Second)) },
		"too late":                func() error { return l.Sealing().Usable(now.Add(seal.SealingLasts)) },
	} {
		if err := try(); !errors.Is(err, seal.ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := l.Grant(other.Signing(), terms(), seal.NewContentKey()); !errors.Is(err, seal.ErrKey) {
		t.Errorf("granted to a signing key: %v", err)
	}
}

func TestKeysRestEncrypted(t *testing.T) {
	storage, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	giver, receiver, key := line(t, "a"), line(t, "b"), seal.NewContentKey()
	grant, err := giver.Grant(receiver.Sealing(), terms(), key)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := receiver.Save(&file, storage.Recipient()); err != nil {
		t.Fatal(err)
	}
	again, err := seal.Load(bytes.NewReader(file.Bytes()), storage)
	if err != nil {
		t.Fatal(err)
	}
	if opened, err := again.OpenGrant(grant, terms(), giver.Signing()); err != nil || !bytes.Equal(opened.ID(), key.ID()) {
		t.Errorf("after loading: %v", err)
	}
	stranger, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Load(bytes.NewReader(file.Bytes()), stranger); err == nil {
		t.Error("opened with another storage key")
	}
	if _, err := seal.Load(bytes.NewReader(file.Bytes()[:file.Len()-1]), storage); err == nil {
		t.Error("a cut file was loaded")
	}
}

var storageKey, _ = age.GenerateHybridIdentity()

func TestTwoSharesRestore(t *testing.T) {
	l := line(t, "a")
	shares, err := l.Escrow(storageKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]string{{shares[0], shares[1]}, {strings.ToUpper(shares[1]), "\n" + shares[0] + "\n"}} {
		restored, storage, err := seal.Restore(pair[0], pair[1], now)
		if err != nil || !bytes.Equal(restored.Signing().ID, l.Signing().ID) || storage.String() != storageKey.String() {
			t.Fatalf("restored: %v", err)
		}
		if _, err := seal.VerifyKey(restored.Sealing().Statement, "stafett.example", "a", l.Signing()); err != nil {
			t.Errorf("the new sealing key: %v", err)
		}
	}
	others, err := l.Escrow(storageKey)
	if err != nil {
		t.Fatal(err)
	}
	typing := []byte(shares[1])
	letter := len(typing) / 2 // bits of the last one may mean nothing
	for typing[letter] == '-' {
		letter++
	}
	typing[letter] = map[bool]byte{true: '2', false: '3'}[typing[letter] != '2']
	for name, pair := range map[string][2]string{
		"one twice": {shares[0], shares[0]}, "of two times": {shares[0], others[1]}, "a typing error": {shares[0], string(typing)},
		"not a share": {shares[0], "hello"}, "empty": {"", ""},
	} {
		if _, _, err := seal.Restore(pair[0], pair[1], now); err == nil {
			t.Errorf("%s: restored", name)
		}
	}
}

// TestNothingPrintsAKey: keys have a way of getting into logs.
func TestNothingPrintsAKey(t *testing.T) {
	key, l := seal.NewContentKey(), line(t, "a")
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %s", key, key, key, key), fmt.Sprintf("%v %+v %#v %s", l, l, l, l)} {
		if len(text) > 4*60 {
			t.Errorf("it prints %s", text)
		}
	}
}

func BenchmarkGrant(b *testing.B) {
	giver, receiver, key := line(b, "a"), line(b, "b"), seal.NewContentKey()
	for b.Loop() {
		if _, err := giver.Grant(receiver.Sealing(), terms(), key); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenGrant(b *testing.B) {
	giver, receiver := line(b, "a"), line(b, "b")
	grant, err := giver.Grant(receiver.Sealing(), terms(), seal.NewContentKey())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := receiver.OpenGrant(grant, terms(), giver.Signing()); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzOpenGrant(f *testing.F) {
	giver, receiver := line(f, "a"), line(f, "b")
	grant, err := giver.Grant(receiver.Sealing(), terms(), seal.NewContentKey())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(grant.Terms, grant.Wrapped, grant.Signature)
	f.Fuzz(func(t *testing.T, content, wrapped, signature []byte) {
		forged := &sealv1.Grant{Terms: content, Wrapped: wrapped, Signature: signature}
		if _, err := receiver.OpenGrant(forged, terms(), giver.Signing()); err == nil && !proto.Equal(forged, grant) {
			t.Error("a grant that nobody made opens")
		}
	})
}

func FuzzOpen(f *testing.F) {
	key := seal.NewContentKey()
	f.Add(sealed(f, key, "agreed"))
	f.Fuzz(func(t *testing.T, blob []byte) {
		text, err := key.Open(place(), blob)
		if err == nil && (seal.Check(blob) != nil || len(text) == 0) {
			t.Errorf("%x opens to %q", blob, text)
		}
	})
}

func FuzzShare(f *testing.F) {
	shares, err := line(f, "a").Escrow(storageKey)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(shares[0], shares[1])
	f.Fuzz(func(t *testing.T, one, other string) {
		if restored, _, err := seal.Restore(one, other, now); err == nil && restored.ID() != "a" {
			t.Error("shares that nobody made restore a line")
		}
	})
}

func FuzzVerifyKey(f *testing.F) {
	l := line(f, "a")
	good := l.Sealing().Statement
	f.Add(good.Key, good.SignedBy, good.Signature)
	f.Fuzz(func(t *testing.T, key, by, signature []byte) {
		forged := &sealv1.SignedKey{Key: key, SignedBy: by, Signature: signature}
		if _, err := seal.VerifyKey(forged, "stafett.example", "a", l.Signing()); err == nil && !bytes.Equal(key, good.Key) && !bytes.Equal(key, l.Signing().Statement.Key) {
			t.Error("a key that nobody signed is verified")
		}
	})
}

// TestAFileThatCouldNotBeReadAgainIsNotSaved: it stays as it was.
func TestAFileThatCouldNotBeReadAgainIsNotSaved(t *testing.T) {
	storage, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	huge := &seal.Contents{Unread: []*sealv1.UnreadMessage{{Sealed: make([]byte, 64<<20)}}}
	if err := huge.Save(io.Discard, storage.Recipient()); err == nil {
		t.Error("a file was saved that is cut when it is read")
	}
}

func TestTheNewestAgreementThatHasAll(t *testing.T) {
	intro, line := handoverv1.Scope_SCOPE_INTRO, handoverv1.Scope_SCOPE_ONE_LINE
	c := &seal.Contents{}
	agree := func(scopes ...handoverv1.Scope) *sealv1.Agreement {
		a := &sealv1.Agreement{Handover: "h", Scopes: scopes}
		c.Agree(a)
		return a
	}
	both, one := agree(intro, line), agree(intro)
	if got := c.Agreement("h", []handoverv1.Scope{intro, line}); got != both {
		t.Errorf("of a yes to both the agreement is %v", got)
	}
	if got := c.Agreement("h", []handoverv1.Scope{intro}); got != one {
		t.Errorf("of a yes to one the agreement is %v", got)
	}
	if none := agree(); c.Agreement("h", []handoverv1.Scope{intro}) != none {
		t.Error("a yes counts after it was withdrawn")
	}
	if again := agree(intro, line); c.Agreement("h", []handoverv1.Scope{line}) != again {
		t.Error("a yes does not count after an earlier one was withdrawn")
	}
}
