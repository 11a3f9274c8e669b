package cobblestone

import (
	"bytes"
	"compress/zlib"
	"crypto/sha512"
	"encoding/hex"
	"io"
	"slices"
	"testing"

	"github.com/stafett/stafett/pkg/seal/internal/vectors"
)

type vector struct {
	ID                    int `json:"tcId"`
	Comment, Key, Ctx, CT string
	MsgLength             int
	MsgSHA512, Result     string
	Flags                 []string
}

func TestWycheproof(t *testing.T) {
	groups := vectors.Read[vector](t, "c2sp_chunked_encryption_aes_256_gcm_test.json")
	for _, group := range groups {
		for _, v := range group.Tests {
			opened, err := Open(vectors.Hex(t, v.Key), vectors.Hex(t, v.Ctx), inflate(t, v.CT))
			if (err == nil) != (v.Result == "valid") {
				t.Errorf("%d, %s: opened with %v, want %s", v.ID, v.Comment, err, v.Result)
			}
			if err != nil {
				continue
			}
			sum := sha512.Sum512(opened)
			if len(opened) != v.MsgLength || hex.EncodeToString(sum[:]) != v.MsgSHA512 {
				t.Errorf("%d, %s: opened to another message", v.ID, v.Comment)
			}
			again(t, v, opened)
		}
	}
}

// again seals the message under the vector's salt, which gives the vector's ciphertext.
func again(t *testing.T, v vector, opened []byte) {
	want := inflate(t, v.CT)
	sealed, err := seal(vectors.Hex(t, v.Key), want[:saltSize], vectors.Hex(t, v.Ctx), opened)
	if err != nil || !bytes.Equal(sealed, want) || len(sealed) != Size(len(opened)) {
		t.Errorf("%d, %s: sealed it differs (%v)", v.ID, v.Comment, err)
	}
}

func inflate(t *testing.T, text string) []byte {
	reader, err := zlib.NewReader(bytes.NewReader(vectors.Hex(t, text)))
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func FuzzOpen(f *testing.F) {
	key, context := bytes.Repeat([]byte{7}, KeySize), []byte("context")
	for _, size := range []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1} {
		sealed, err := Seal(key, context, make([]byte, size))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(sealed)
	}
	f.Fuzz(func(t *testing.T, sealed []byte) {
		opened, err := Open(key, context, sealed)
		if err != nil {
			return
		}
		again, err := seal(key, sealed[:saltSize], context, opened)
		if err != nil || !slices.Equal(again, sealed) {
			t.Errorf("two ciphertexts open to one message")
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	key, text := make([]byte, KeySize), make([]byte, 4096)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := Seal(key, nil, text); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFloor is AES-256-GCM alone, with a key that is ready.
func BenchmarkFloor(b *testing.B) {
	m, err := derive(make([]byte, KeySize), nil, nil)
	if err != nil {
		b.Fatal(err)
	}
	text := make([]byte, 4096)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		m.aead.Seal(nil, m.base, text, nil)
	}
}
