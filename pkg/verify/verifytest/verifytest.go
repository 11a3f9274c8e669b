// Package verifytest makes logs' and witnesses' keys for tests: the same in every run.
package verifytest

import (
	"bytes"
	"crypto/ed25519"
	"time"

	"github.com/stafett/stafett/pkg/verify"
)

// Key is the private key of a seed.
func Key(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
}

// Log signs as a log with the key of a seed.
func Log(origin string, seed byte) verify.LogSigner {
	return Must(verify.NewLogSigner(origin, Key(seed)))
}

// Witness cosigns with the key of a seed, always at the same time.
func Witness(name string, seed byte) verify.Cosigner {
	return Must(verify.NewCosigner(name, Key(seed), func() time.Time { return time.Unix(1_795_000_000, 0) }))
}

// Must returns a value that cannot fail here.
func Must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
