package vault_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stafett/stafett/services/intake/internal/vault"
)

func opened(b *testing.B) *vault.Vault {
	b.Helper()
	v, err := vault.Open(filepath.Join(b.TempDir(), "vault.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { v.Close() })
	return v
}

// BenchmarkPut stores a message, synced.
func BenchmarkPut(b *testing.B) {
	v, sealed := opened(b), make([]byte, 300)
	for i := 0; b.Loop(); i++ {
		if err := v.Put("c", v.Seal("c", fmt.Sprint(i), sealed), now); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGet(b *testing.B) {
	v := opened(b)
	blob := v.Seal("c", "nonce", make([]byte, 300))
	if err := v.Put("c", blob, now); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := v.Get("c", blob.Commitment); err != nil {
			b.Fatal(err)
		}
	}
}
