package vectors_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/mlkem"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"testing"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/stafett/stafett/pkg/seal/internal/vectors"
)

type aeadVector struct {
	ID                                          int `json:"tcId"`
	Key, IV, AAD, Msg, CT, Tag, Result, Comment string
}

func TestAESGCM(t *testing.T) {
	tryAEAD(t, "aes_gcm_test.json", func(key []byte) (cipher.AEAD, error) {
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		return cipher.NewGCM(block)
	})
}

func TestChaCha20Poly1305(t *testing.T) {
	tryAEAD(t, "chacha20_poly1305_test.json", chacha20poly1305.New)
}

// tryAEAD tries vectors with the nonce and tag that are used here, and refuses the others.
func tryAEAD(t *testing.T, name string, with func([]byte) (cipher.AEAD, error)) {
	for _, group := range vectors.Read[aeadVector](t, name) {
		for _, v := range group.Tests {
			aead, err := with(vectors.Hex(t, v.Key))
			iv, tag := vectors.Hex(t, v.IV), vectors.Hex(t, v.Tag)
			if err != nil || len(iv) != aead.NonceSize() || len(tag) != aead.Overhead() {
				continue // other sizes are not used here
			}
			opened, err := aead.Open(nil, iv, append(vectors.Hex(t, v.CT), tag...), vectors.Hex(t, v.AAD))
			if (err == nil) != (v.Result == "valid") || err == nil && !bytes.Equal(opened, vectors.Hex(t, v.Msg)) {
				t.Errorf("%d, %s: %v, want %s", v.ID, v.Comment, err, v.Result)
			}
		}
	}
}

type signatureGroup struct {
	PublicKey struct{ PK string }
}

func TestEd25519(t *testing.T) {
	type vector struct {
		ID                        int `json:"tcId"`
		Msg, Sig, Result, Comment string
	}
	groups := vectors.Read[vector](t, "ed25519_test.json")
	for i, public := range vectors.Groups[signatureGroup](t, "ed25519_test.json") {
		for _, v := range groups[i].Tests {
			signature := vectors.Hex(t, v.Sig)
			valid := len(signature) == ed25519.SignatureSize && ed25519.Verify(vectors.Hex(t, public.PublicKey.PK), vectors.Hex(t, v.Msg), signature)
			if valid != (v.Result == "valid") {
				t.Errorf("%d, %s: %v, want %s", v.ID, v.Comment, valid, v.Result)
			}
		}
	}
}

func TestHKDF(t *testing.T) {
	type vector struct {
		ID                                    int `json:"tcId"`
		IKM, Salt, Info, OKM, Result, Comment string
		Size                                  int
	}
	for name, with := range map[string]func() hash.Hash{"hkdf_sha256_test.json": sha256.New, "hkdf_sha512_test.json": sha512.New} {
		for _, group := range vectors.Read[vector](t, name) {
			for _, v := range group.Tests {
				key, err := hkdf.Key(with, vectors.Hex(t, v.IKM), vectors.Hex(t, v.Salt), string(vectors.Hex(t, v.Info)), v.Size)
				if (err == nil) != (v.Result == "valid") || err == nil && !bytes.Equal(key, vectors.Hex(t, v.OKM)) {
					t.Errorf("%s %d, %s: %v, want %s", name, v.ID, v.Comment, err, v.Result)
				}
			}
		}
	}
}

// TestX25519: acceptable are those with a shared secret that anybody knows; Go refuses those of all
// zeros.
func TestX25519(t *testing.T) {
	type vector struct {
		ID                                       int `json:"tcId"`
		Public, Private, Shared, Result, Comment string
	}
	for _, group := range vectors.Read[vector](t, "x25519_test.json") {
		for _, v := range group.Tests {
			private, err := ecdh.X25519().NewPrivateKey(vectors.Hex(t, v.Private))
			if err != nil {
				t.Fatal(err)
			}
			public, err := ecdh.X25519().NewPublicKey(vectors.Hex(t, v.Public))
			if err != nil {
				t.Fatal(err)
			}
			shared, err := private.ECDH(public)
			if v.Result == "valid" && err != nil || err == nil && !bytes.Equal(shared, vectors.Hex(t, v.Shared)) {
				t.Errorf("%d, %s: %v, want %s", v.ID, v.Comment, err, v.Result)
			}
		}
	}
}

func TestMLKEM768(t *testing.T) {
	type vector struct {
		ID                              int `json:"tcId"`
		Seed, EK, C, K, Result, Comment string
	}
	for _, group := range vectors.Read[vector](t, "mlkem_768_test.json") {
		for _, v := range group.Tests {
			private, err := mlkem.NewDecapsulationKey768(vectors.Hex(t, v.Seed))
			if err != nil {
				if v.Result == "valid" {
					t.Errorf("%d, %s: %v", v.ID, v.Comment, err)
				}
				continue
			}
			shared, err := private.Decapsulate(vectors.Hex(t, v.C))
			valid := err == nil && bytes.Equal(shared, vectors.Hex(t, v.K))
			if valid != (v.Result == "valid") {
				t.Errorf("%d, %s: %v, want %s", v.ID, v.Comment, err, v.Result)
			}
		}
	}
}
